"""Requests of which two readers may see different ends: refused. Knows nothing of what they ask."""

from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import error_response

_BOTH: Final = frozenset({"content-length", "transfer-encoding"})
_TWO_ENDS: Final = (
    "a request has a `Content-Length` or a `Transfer-Encoding`, never both, which say where it ends differently"
)


class FramingGuard:
    """What a proxy takes for the body of one request may be the next request here, with somebody else's address
    (RFC 9112, section 6.1). Nothing that follows on the connection is read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.app
        if scope["type"] == "http" and _BOTH.issubset(Headers(scope=scope).keys()):
            app = error_response(scope, 400, "invalid_input", _TWO_ENDS, headers={"Connection": "close"})
        await app(scope, receive, send)
