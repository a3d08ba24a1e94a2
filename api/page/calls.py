"""Stands before Gradio's queue, which fails where it is asked for an event that there is not. Knows nothing of what
events do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from anyio import to_thread
from gradio.blocks import Blocks
from pydantic_core import from_json
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import lychee_response
from api.page.paths import CALL, JOIN, gradio_path
from api.page.said_again import LONG, said_again
from content.errors import InvalidInput, LycheeError, NotFound

_V2: Final = "v2/"  # before the name where a body has its values by their names
_TOKEN: Final = "oauth_token"  # Gradio takes it wherever it stands


@dataclass(frozen=True, slots=True)
class Events:
    """Those of one page. values: of each public one, by its name: those it takes, and whether it must have them."""

    indices: frozenset[int]
    values: Mapping[str, Mapping[str, bool]]

    @classmethod
    def of(cls, blocks: Blocks) -> "Events":
        told = blocks.get_api_info()["named_endpoints"]
        return cls(frozenset(blocks.fns), {name.strip("/"): _values(told[name]["parameters"]) for name in told})

    def check_join(self, body: Mapping[str, object]) -> None:
        """Raises InvalidInput and NotFound."""
        index = body.get("fn_index")
        if type(index) is not int:
            raise InvalidInput("say as a whole number which event", param="fn_index")
        if index not in self.indices:
            raise NotFound(f"this page has no event {index}; load it again", param="fn_index")

    def check_call(self, name: str, body: Mapping[str, object]) -> None:
        """Raises InvalidInput and NotFound."""
        named = self.values.get(name.removeprefix(_V2))
        if named is None:
            raise NotFound(f"there is no event of this name here; there are {', '.join(self.values)}")
        if not name.startswith(_V2):
            return
        if unknown := body.keys() - {*named, _TOKEN}:
            raise InvalidInput(f"there is no value of the name {min(unknown)[:80]!r}; there are {', '.join(named)}")
        if missing := [each for each, needed in named.items() if needed and each not in body]:
            raise InvalidInput("this value is missing", param=missing[0])


class CallsGuard:
    def __init__(self, app: ASGIApp, events: Events) -> None:
        self.app = app
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        form = gradio_path(scope["path"]) if scope["type"] == "http" else None
        if form not in (JOIN, CALL) or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        try:
            given = await to_thread.run_sync(_object, body) if len(body) > LONG else _object(body)
            if form == JOIN:
                self._events.check_join(given)
            else:
                self._events.check_call(scope["path"].partition("/call/")[2].rstrip("/"), given)
        except LycheeError as error:
            await lychee_response(scope, error)(scope, receive, send)
            return
        await self.app(scope, said_again(body, receive), send)


def _values(parameters: Iterable[Mapping[str, Any]]) -> dict[str, bool]:
    return {each["parameter_name"]: not each["parameter_has_default"] for each in parameters}


def _object(body: bytes) -> dict[str, object]:
    try:
        given = from_json(body)
    except ValueError as error:
        raise InvalidInput(f"the request body is not valid JSON: {error}") from None
    if not isinstance(given, dict):
        raise InvalidInput("the request body must be a JSON object")
    return given
