"""What arrives with a request: a JSON body, read strictly. Knows nothing of what it means."""

from collections.abc import Callable, Coroutine
from typing import Any

from anyio import to_thread
from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from pydantic_core import from_json

from api.guards.bodies import hold_more
from api.json_size import values_of
from content.errors import InvalidInput
from indexer.item import JsonValue

_LONG = 2**20  # bytes that take long enough to parse for others to notice
_BYTES_A_VALUE = 120  # of memory at most, beside its text; an object with one field takes twice that, and counts as two


class JsonRequest(Request):
    """A request whose body was read and parsed before the handler asks for it."""

    parsed: JsonValue = None

    async def read(self) -> None:
        """Raises InvalidInput for what is no JSON, TooLarge over the limit, Busy where too much is waiting already,
        HTTPException 415 for another type."""
        if self._is_long:
            _check_content_type(self.headers.get("content-type", ""), {"Connection": "close"})  # nobody reads the rest
        body = await self.body()
        if not body:
            raise InvalidInput("the request body is empty; send a JSON object")
        _check_content_type(self.headers.get("content-type", ""))
        if len(body) < _LONG:
            hold_more(self.scope, values_of(body) * _BYTES_A_VALUE)
            self.parsed = _parse(body)
        else:
            hold_more(self.scope, await to_thread.run_sync(values_of, body) * _BYTES_A_VALUE)
            self.parsed = await to_thread.run_sync(_parse, body)

    async def json(self) -> JsonValue:
        return self.parsed

    @property
    def _is_long(self) -> bool:
        """Or may be. A short one is read whatever it is, so that its connection can be kept."""
        return "transfer-encoding" in self.headers or int(self.headers.get("content-length", "0")) >= _LONG


class JsonRoute(APIRoute):
    """A route that reads its body by this module's rules. FastAPI on its own would take NaN, turn any error raised
    while reading into a 400, and answer deep nesting with a 500."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def read_and_handle(request: Request) -> Response:
            request = JsonRequest(request.scope, request.receive)
            if self.body_field is not None:
                await request.read()
                self.saw(request)
            return await handle(request)

        return read_and_handle

    def saw(self, request: JsonRequest) -> None:
        """For routes that learn something from a body before it is held against their schema."""


def parse_json(body: bytes) -> JsonValue:
    """Strict JSON in UTF-8: no NaN or Infinity, no lone surrogates, at most 200 levels deep.

    Raises InvalidInput with the position, TooLarge for too many values.
    """
    values_of(body)
    return _parse(body)


def _parse(body: bytes) -> JsonValue:
    try:
        value: JsonValue = from_json(body, allow_inf_nan=False, cache_strings=False)
    except ValueError as error:
        raise InvalidInput(f"the request body is not valid JSON: {error}") from None
    return value


def _check_content_type(header: str, headers: dict[str, str] | None = None) -> None:
    media_type = header.partition(";")[0].strip().lower()
    if media_type == "application/json" or (media_type.startswith("application/") and media_type.endswith("+json")):
        return
    given = f"not `{media_type[:60]}`" if media_type else "and this one has none"
    raise HTTPException(415, f"the request body must come with `Content-Type: application/json`, {given}", headers)
