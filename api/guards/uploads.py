"""Files on their way to the disk: how large an upload may be, how many may come at a time, and that the disk is not
filled with them. Knows nothing of what they are."""

import asyncio
import re
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import error_response, lychee_response, status_and_type
from api.page.paths import UPLOAD
from content.errors import Busy, LycheeError, TooLarge

GAP_S: Final = 60.0  # without a byte: phones pass through tunnels
AT_ONCE: Final = 16
SPARED: Final = 10**9  # bytes of the disk that uploads leave to others
_AROUND: Final = 2**20  # bytes beside the files themselves: what stands between them
_LOOK_EVERY: Final = 16 * 2**20
_LENGTH: Final = re.compile(r"[0-9]{1,18}")


def is_upload(scope: Scope) -> bool:
    return scope["type"] == "http" and (scope["method"], scope["path"]) == ("POST", UPLOAD)


class UploadGuard:
    """An upload may take as long as it likes, as long as its bytes keep coming.

    largest: the bytes of the files of one upload. free: tells how many bytes of the disk are free.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        largest: int,
        free: Callable[[], int],
        at_once: int = AT_ONCE,
        spared: int = SPARED,
        gap_s: float = GAP_S,
    ) -> None:
        self.app = app
        self.largest = largest
        self.gap_s = gap_s
        self._free = free
        self._at_once = at_once
        self._spared = spared
        self._coming: list[_Upload] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_upload(scope):
            await self.app(scope, receive, send)
            return
        upload = _Upload(self, receive, _declared(scope))
        try:
            self.check(upload)
        except (LycheeError, HTTPException) as error:
            await _answer(scope, error)(scope, receive, send)
            return
        self._coming.append(upload)
        try:
            await self.app(scope, upload.receive, send)
        finally:
            self._coming.remove(upload)

    def check(self, upload: "_Upload") -> None:
        """Raises TooLarge, Busy, HTTPException 507."""
        if max(upload.declared, upload.received) > self.largest + _AROUND:
            raise TooLarge(f"an upload may have {self.largest / 2**20:g} MiB in all; choose less at a time")
        others = [each for each in self._coming if each is not upload]
        if len(others) >= self._at_once:
            raise Busy("as many uploads as may run at a time are running; try again in a few seconds")
        if self._free() - sum(each.to_come for each in [*others, upload]) < self._spared:
            raise HTTPException(507, "the server's disk has no room for this upload; whoever runs it can make some")


class _Upload:
    def __init__(self, guard: UploadGuard, receive: Receive, declared: int) -> None:
        self.declared = declared
        self.received = 0
        self._guard = guard
        self._receive = receive
        self._next_look = _LOOK_EVERY
        self._complete = False

    @property
    def to_come(self) -> int:
        return max(0, self.declared - self.received)

    async def receive(self) -> Message:
        """Raises HTTPException 408, 413 and 507."""
        if self._complete:
            return await self._receive()
        try:
            async with asyncio.timeout(self._guard.gap_s):
                message = await self._receive()
        except TimeoutError:
            told = f"nothing of the upload came for {self._guard.gap_s:g} s; send it again"
            raise HTTPException(408, told, {"Connection": "close"}) from None
        self.received += len(message.get("body", b""))
        self._complete = not message.get("more_body", False)
        if self.received > self._guard.largest or self.received >= self._next_look:
            self._next_look = self.received + _LOOK_EVERY
            self._look_again()
        return message

    def _look_again(self) -> None:
        """Raises what whoever reads the body makes an answer of, which is not of this house."""
        try:
            self._guard.check(self)
        except LycheeError as error:
            raise HTTPException(status_and_type(error)[0], error.message, {"Connection": "close"}) from None


def _declared(scope: Scope) -> int:
    declared = Headers(scope=scope).get("content-length", "0")
    return int(declared) if _LENGTH.fullmatch(declared) else 10**18


def _answer(scope: Scope, error: Exception) -> ASGIApp:
    if isinstance(error, LycheeError):
        return lychee_response(scope, error)
    assert isinstance(error, HTTPException)
    return error_response(scope, error.status_code, "no_room", error.detail)
