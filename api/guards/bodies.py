"""Bodies on their way in: how large one may be, how many bytes may be there at a time, how slowly they may come. Knows
nothing of what they say."""

import asyncio
import re
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import lychee_response
from api.guards.uploads import is_upload
from content.errors import Busy, LycheeError, TooLarge

_GAP_S: Final = 20.0
_LENGTH: Final = re.compile(r"[0-9]{1,18}")
_HOLD: Final = "hold_more"


def hold_more(scope: Scope, wanted: int) -> None:
    """Counts memory that is made of a body, until its request is answered, with that of all bodies. Raises Busy."""
    hold: Callable[[int], None] | None = scope.get("state", {}).get(_HOLD)
    if hold is not None:
        hold(wanted)


class BodyGuard:
    """largest: the bytes of one body. waiting: those of all requests that are read or answered at a time; a declared
    length counts from the start, so that whoever is let in is read to the end. within_s: the time for a whole body.
    gap_s: the longest time without a byte of it."""

    def __init__(self, app: ASGIApp, *, largest: int, waiting: int, within_s: float, gap_s: float = _GAP_S) -> None:
        self.app = app
        self._largest = min(largest, waiting)  # more than may wait would be told to try again for ever
        self._room = self._all_room = waiting
        self._within_s = within_s
        self._gap_s = gap_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_upload(scope):  # which goes to the disk, and has a guard of its own
            await self.app(scope, receive, send)
            return
        body = _Body(self, receive)
        scope.setdefault("state", {})[_HOLD] = body.hold_more
        try:
            refusal = self._refusal(scope, body)
            await (refusal or self.app)(scope, body.receive, send)
        finally:
            self._room += body.held + body.made

    def take(self, held: int, wanted: int) -> int:
        """Holds `wanted` bytes in place of `held`, and gives `wanted`. Raises TooLarge and Busy."""
        if wanted > self._largest:
            raise TooLarge(
                f"the request body is over the limit of {self._largest / 2**20:g} MiB; send it in smaller batches"
            )
        self._take(wanted - held)
        return wanted

    def take_more(self, held: int, wanted: int) -> int:
        """Holds `wanted` bytes beside `held`, or all that there are, for who has them to himself, and gives how many.
        Raises Busy."""
        wanted = min(wanted, self._all_room - held)
        self._take(wanted)
        return wanted

    def _take(self, wanted: int) -> None:
        if wanted > self._room:
            raise Busy("as many bytes of requests as may wait are waiting; try again in a second, or send less at once")
        self._room -= wanted

    def _refusal(self, scope: Scope, body: "_Body") -> ASGIApp | None:
        declared = Headers(scope=scope).get("content-length", "0")
        try:
            body.hold(int(declared) if _LENGTH.fullmatch(declared) else 10**18)
        except LycheeError as error:
            return lychee_response(scope, error)
        return None

    async def next_message(self, receive: Receive, begun: float) -> Message:
        """Raises HTTPException 408 for a body that takes too long."""
        now = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(min(now + self._gap_s, begun + self._within_s)):
                return await receive()
        except TimeoutError:
            # closed, or who sends so slowly would go on to do so
            raise HTTPException(408, self._too_slow(), {"Connection": "close"}) from None

    def _too_slow(self) -> str:
        allowed = f"it may take {self._within_s:g} s in all and pause for {self._gap_s:g} s"
        return f"the request body came too slowly; {allowed}"


class _Body:
    """One body: what has come of it, and what is held for it."""

    def __init__(self, guard: BodyGuard, receive: Receive) -> None:
        self.held = self.made = 0
        self._guard = guard
        self._receive = receive
        self._begun = asyncio.get_running_loop().time()
        self._received = 0
        self._complete = False

    def hold(self, wanted: int) -> None:
        self.held = self._guard.take(self.held, wanted)

    def hold_more(self, wanted: int) -> None:
        self.made += self._guard.take_more(self.held + self.made, wanted)

    async def receive(self) -> Message:
        if self._complete:
            return await self._receive()  # it waits for the caller to leave, which may take long
        message = await self._guard.next_message(self._receive, self._begun)
        self._received += len(message.get("body", b""))
        self.hold(max(self.held, self._received))
        self._complete = not message.get("more_body", False)
        return message
