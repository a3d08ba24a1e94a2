"""The streams that open pages and agents hold. They end when the server is told to, or it would wait for them. Knows
nothing of what depends on them."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.page.paths import AGENTS, HEARTBEAT, gradio_path


class Heartbeats:
    """Lets everything else pass."""

    def __init__(self, app: ASGIApp, over: asyncio.Event) -> None:
        """over: set when the server begins to shut down."""
        self.app = app
        self._over = over

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        form = gradio_path(scope["path"])
        if form == HEARTBEAT or (form == AGENTS and scope["method"] == "GET"):
            await self._until_over(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _until_over(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = ended = False

        async def watch(message: Message) -> None:
            nonlocal begun, ended
            begun = True
            ended = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        beating = asyncio.ensure_future(self.app(scope, receive, watch))
        over = asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait((beating, over), return_when=asyncio.FIRST_COMPLETED)
        finally:
            over.cancel()
            beating.cancel()
        await asyncio.wait((beating,))
        if self._over.is_set() and begun and not ended:
            await send({"type": "http.response.body", "body": b""})
        elif not beating.cancelled():
            beating.result()  # raises what it raised
