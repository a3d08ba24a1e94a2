"""The page as a part of the app: which paths are its own, and how it comes and goes. Knows nothing of what is on it."""

import asyncio
import logging
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
from starlette.types import ASGIApp, Receive, Scope, Send

from api.page.answers import POLICY, PageAnswers
from api.page.document import Document
from api.page.heartbeats import Heartbeats
from api.page.paths import HOME, gradio_path
from api.page.uploads.folder import Uploads
from api.page.uploads.guard import UploadsGuard
from api.page.uploads.held import held_folder, remove_left_behind
from api.page.words import language_of, say

logger = logging.getLogger(__name__)

_PREFIX: Final = "lychee-page-"

Build = Callable[[Path], FastAPI]
"""Takes the folder for uploads."""


class PageRoute(BaseRoute):
    """Takes the page's own paths, whatever the method, and leaves all others alone."""

    def __init__(self, page: "Page") -> None:
        self._page = page

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        name = gradio_path(scope["path"]) if scope["type"] == "http" else None
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

    def __init__(self, build: Build, door: ASGIApp | None = None) -> None:
        """door: what who comes without a key finds; None where none is asked for."""
        self._build = build
        self._door = door
        self._built: ASGIApp | None = None
        self._failed = False
        self._ending = asyncio.Event()

    def end_streams(self) -> None:
        """For when the server is told to end, and before it waits for what still runs."""
        self._ending.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """For the app's lifespan. What visitors uploaded is gone when this ends, or when the next server begins."""
        with held_folder(_PREFIX) as folder:
            over = asyncio.Event()
            life = asyncio.create_task(self._live(folder, over))
            try:
                yield
            finally:
                over.set()
                await life

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._door is not None and scope["path"] == HOME and "key_name" not in scope["state"]:
            await self._door(scope, receive, send)
        elif self._built is not None:
            await self._built({**scope}, receive, send)  # a copy: Gradio writes its own routes upon it
        else:
            await self._waiting(scope)(scope, receive, send)

    async def _live(self, folder: Path, over: asyncio.Event) -> None:
        """The built application's lifespan, in one task from its beginning to its end, as its parts ask for."""
        try:
            await to_thread.run_sync(remove_left_behind, _PREFIX)
            app = await to_thread.run_sync(self._build, folder)
            uploads = Uploads(folder)
            async with app.router.lifespan_context(app), _swept(uploads):
                self._built = PageAnswers(Heartbeats(Document(UploadsGuard(app, uploads)), self._ending))
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
        return HTMLResponse(html, 503, {"Retry-After": "1", "Content-Security-Policy": POLICY})


@asynccontextmanager
async def _swept(uploads: Uploads) -> AsyncIterator[None]:
    sweeping = asyncio.create_task(uploads.sweep())
    try:
        yield
    finally:
        sweeping.cancel()
