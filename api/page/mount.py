"""The page as a part of the app: which paths are its own, and how it comes and goes. Knows nothing of what is on it."""

import asyncio
import logging
import re
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from html import escape
from pathlib import Path
from typing import Final

from anyio import to_thread
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.page.words import language_of, say

logger = logging.getLogger(__name__)

Build = Callable[[Path], FastAPI]
"""Takes the folder for uploads."""

# Gradio has many more routes (it can proxy other servers, edit itself, record its visitors); nobody needs them here.
_PATHS: Final = {
    "/": "/",
    "/config": "/config/?",
    "/theme.css": r"/theme\.css",
    "/manifest.json": r"/manifest\.json",
    "/favicon.ico": r"/favicon\.ico",
    "/assets/{path}": "/assets/.+",
    "/static/{path}": "/static/.+",
    "/gradio_api/{name}": "/gradio_api/(info|upload|upload_progress|cancel|reset|app_id|startup-events)/?",
    "/gradio_api/queue/{name}": "/gradio_api/queue/(join|data)",
    "/gradio_api/call/{name}": "/gradio_api/call/.+",
    "/gradio_api/heartbeat/{session}": "/gradio_api/heartbeat/[^/]+",
    "/gradio_api/file={path}": "/gradio_api/file=.+",
    "/gradio_api/mcp/{path}": "/gradio_api/mcp(/.*)?",
}
_PATTERNS: Final = tuple((name, re.compile(pattern)) for name, pattern in _PATHS.items())

# What the page shows and runs is its own server's; Gradio writes scripts and styles into it, and compiles templates.
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; connect-src 'self' data: blob:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


def page_path(path: str) -> str | None:
    """The form of a path that belongs to the page (`/assets/{path}`), None for any other."""
    return next((name for name, pattern in _PATTERNS if pattern.fullmatch(path)), None)


class PageRoute(BaseRoute):
    """Takes the page's own paths, whatever the method, and leaves all others alone."""

    def __init__(self, page: "Page") -> None:
        self._page = page

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        name = page_path(scope["path"]) if scope["type"] == "http" else None
        if name is None:
            return Match.NONE, {}
        return Match.FULL, {"endpoint": self._page, "route": _Named(name)}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._page(scope, receive, send)


class _Named:
    """What a log and a metric call a request."""

    def __init__(self, name: str) -> None:
        self.path_format = name


class Page:
    """Built on a thread of its own once the app runs, for that takes seconds; until then it says so."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._built: ASGIApp | None = None
        self._failed = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """For the app's lifespan. What visitors uploaded is gone when this ends."""
        with tempfile.TemporaryDirectory(prefix="lychee-page-") as uploads:
            over = asyncio.Event()
            life = asyncio.create_task(self._live(Path(uploads), over))
            try:
                yield
            finally:
                over.set()
                await life

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._built is not None:
            await self._built(scope, receive, _with_policy(send))
        else:
            await self._waiting(scope)(scope, receive, send)

    async def _live(self, uploads: Path, over: asyncio.Event) -> None:
        """The built application's lifespan, in one task from its beginning to its end, as its parts ask for."""
        try:
            app = await to_thread.run_sync(self._build, uploads)
            async with app.router.lifespan_context(app):
                self._built = app
                await over.wait()
                self._built = None
        except Exception:  # the API is there all the same, and the page says that it is not
            logger.exception("the page could not be built")
            self._failed = True

    def _waiting(self, scope: Scope) -> ASGIApp:
        language = language_of(Headers(scope=scope).get("accept-language", ""))
        text = escape(say(language, "page.failed" if self._failed else "page.starting"))
        again = "" if self._failed else '<meta http-equiv="refresh" content="1">'
        html = (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">{again}'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Lychee Search</title>'
            "<style>:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;margin:20vh auto;"
            f'max-width:30rem;padding:0 1rem}}</style></head><body><p role="status">{text}</p></body></html>'
        )
        return HTMLResponse(html, 503, {"Retry-After": "1", "Content-Security-Policy": _POLICY})


def _with_policy(send: Send) -> Send:
    async def send_with_policy(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = message.setdefault("headers", [])
            if any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers):
                message["headers"] = [*headers, (b"content-security-policy", _POLICY.encode())]
        await send(message)

    return send_with_policy
