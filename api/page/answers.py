"""What goes with every answer of the page: what a browser may load and do for it, how long it keeps it, and who the
visitor is. Knows nothing of what is answered."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.page.paths import ASSET, HOME, STATIC, gradio_path
from api.page.uploads.owner import is_visitor, new_visitor

# What the page shows and runs is its own server's; Gradio writes scripts and styles into it, and compiles templates.
POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_PERMISSIONS: Final = "camera=(self), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()"
_FOR_EVER: Final = "public, max-age=31536000, immutable"  # their names tell what is in them
_A_WHILE: Final = "public, max-age=3600"


class PageAnswers:
    """Gradio says which other origins may read its answers; here that is `cors_origins`, and nobody else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message.setdefault("headers", [])
                _dress(scope, message["status"], MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _dress(scope: Scope, status: int, headers: MutableHeaders) -> None:
    form = gradio_path(scope["path"])
    for name in [name for name in headers if name.startswith("access-control-")]:
        del headers[name]
    headers["Cache-Control"] = _kept(form) if status in (200, 206, 304) else "no-store"
    if headers.get("content-type", "").startswith("text/html"):
        headers["Content-Security-Policy"] = POLICY
        headers["Permissions-Policy"] = _PERMISSIONS
        headers["X-Frame-Options"] = "DENY"
    if form == HOME and not is_visitor(scope):
        headers.append("Set-Cookie", new_visitor(scope))


def _kept(form: str | None) -> str:
    if form == ASSET:
        return _FOR_EVER
    return _A_WHILE if form in STATIC else "no-store"
