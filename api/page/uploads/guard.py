"""Stands before Gradio, which serves any upload to whoever names its path, and fetches whatever URL it is given in a
file's place: here a visitor has their own uploads, and nothing is fetched. Knows nothing of what events do."""

import shutil
from collections.abc import Iterator
from typing import Final

from anyio import to_thread
from pydantic_core import from_json
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import error_response, lychee_response
from api.guards.bodies import hold_more
from api.json_size import values_of
from api.page.paths import EVENTS, FILE, HEARTBEAT, UPLOAD, gradio_path
from api.page.said_again import LONG, said_again
from api.page.uploads.folder import Uploads
from api.page.uploads.owner import is_visitor, owner_of
from content.errors import InvalidInput, LycheeError, NotFound

_GONE: Final = "there is no such upload of yours (any more); add the file again"
_PATH: Final = "path"
# One of them is in whatever JSON names a file: as it is, or with its letters escaped, or in UTF-16, which Gradio reads.
_MARKS: Final = (f'"{_PATH}"'.encode(), b"\\u", b"\0")
_BYTES_A_VALUE: Final = 120


class UploadsGuard:
    def __init__(self, app: ASGIApp, uploads: Uploads) -> None:
        self.app = app
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        form = gradio_path(scope["path"])
        owner = owner_of(scope)
        if form == UPLOAD:
            await self._upload(owner, scope, receive, send)
        elif form == HEARTBEAT and is_visitor(scope):
            with self._uploads.opened(owner):
                await self.app(scope, receive, send)
        elif form == FILE and not self._uploads.allows(owner, scope["path"].partition("=")[2]):
            await error_response(scope, 404, "upload_gone", _GONE)(scope, receive, send)
        elif form in EVENTS and scope["method"] == "POST":
            await self._event(owner, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _upload(self, owner: str, scope: Scope, receive: Receive, send: Send) -> None:
        done = False

        async def watch(message: Message) -> None:
            nonlocal done
            if message["type"] == "http.response.start":
                done = message["status"] == 200
            await send(message)

        with self._uploads.receiving(owner) as folder:
            try:
                await self.app(scope, receive, watch)
            finally:
                if not done:  # Gradio leaves the half of it behind
                    await to_thread.run_sync(_remove, str(folder))

    async def _event(self, owner: str, scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        try:
            hold_more(scope, values_of(body) * _BYTES_A_VALUE)
            files = await to_thread.run_sync(_files, body) if len(body) > LONG else _files(body)
            if not all(self._uploads.allows(owner, path) for path in files):
                raise NotFound(_GONE)
        except LycheeError as error:
            await lychee_response(scope, error)(scope, receive, send)
            return
        await self.app(scope, said_again(body, receive), send)


def _remove(folder: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _files(body: bytes) -> list[str]:
    """The paths of all files that a JSON body names, whether or not it calls them files: Gradio takes a picture's path
    without that, and nothing else on the page has a field of this name. Raises InvalidInput."""
    if not any(mark in body for mark in _MARKS):
        return []
    try:
        return list(_paths(from_json(body)))
    except ValueError as error:
        raise InvalidInput(f"the request body is not valid JSON: {error}") from None


def _paths(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if each.get(_PATH) is not None:
                yield str(each[_PATH])
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
