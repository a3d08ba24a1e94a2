"""How many documents a request brings, looked at before they are held against a schema. Knows no dialect."""

from collections.abc import Iterator
from typing import Final

from api.body import JsonRequest, JsonRoute
from content.errors import TooLarge
from indexer.item import JsonValue

_FIELDS: Final = (
    "documents", "texts", "input", "queries", "items", "data_1", "data_2", "text_1", "text_2",
)  # fmt: skip
_GRADIOS: Final = "data"


def check_count(count: int, limit: int, param: str) -> None:
    """Raises TooLarge for more documents than a request may bring."""
    if count > limit:
        raise TooLarge(f"`{param}` has {count:,} entries; at most {limit:,} are read in one request", param=param)


class CountedRoute(JsonRoute):
    """For routes to which documents are brought: to read hundreds of thousands takes much memory, and seconds in which
    nobody is answered."""

    def saw(self, request: JsonRequest) -> None:
        for name, entries in _lists(request.parsed):
            check_count(len(entries), request.app.state.max_documents, name)


def _lists(body: JsonValue) -> Iterator[tuple[str, list[JsonValue]]]:
    if not isinstance(body, dict):
        return
    for name in _FIELDS:
        entries = body.get(name)
        if isinstance(entries, list):
            yield name, entries
    data = body.get(_GRADIOS)
    if isinstance(data, list) and len(data) > 2 and isinstance(data[2], list):
        yield f"{_GRADIOS}[2]", data[2]
