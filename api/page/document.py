"""The document at `/` without what Gradio says of itself in it. Knows nothing of what the page shows."""

import re
from typing import Final

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.page.paths import HOME

# For those who share a link: a picture on another host, and another product's name.
_CARDS: Final = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')
_COMPRESSED_FROM: Final = 1000  # bytes


class Document:
    """Lets everything else pass."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._home = GZipMiddleware(self._without_cards, minimum_size=_COMPRESSED_FROM, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self._home if scope["path"] == HOME else self.app)(scope, receive, send)

    async def _without_cards(self, scope: Scope, receive: Receive, send: Send) -> None:
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        start: Message = {}
        body = b""

        async def gather(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body += message.get("body", b"")

        await self.app({**scope, "headers": plain}, receive, gather)
        kept = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in start["headers"]
            if name.lower() != b"content-length"
        }
        await Response(_CARDS.sub(b"", body), start["status"], kept)(scope, receive, send)
