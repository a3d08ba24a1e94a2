"""What of an item is searched as words: passages, id and metadata. Knows nothing of how words are indexed."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from sqlite3 import Connection
from typing import Final

from indexer.item import Item, JsonValue, Passage

# Hashes and UUIDs: whoever looks for 2024 or "cafe" does not mean them.
_MEANINGLESS_ID: Final = re.compile(r"[0-9a-fA-F-]{16,}")


def written_rows(connection: Connection, numbers: Sequence[int] | None = None) -> Iterator[tuple[int, str]]:
    """(rowid, body) of the items as they are stored now; None means all items. Read while they are asked for.

    A passage has the key of its vector as rowid. What an item's id and metadata say stands in the row of its first
    passage, so that the words of a query may come from both; an item without passages has a row of its own for it, with
    the item's number, negated.
    """
    chosen = "" if numbers is None else "WHERE number IN (SELECT value FROM json_each(:numbers))"
    values = {} if numbers is None else {"numbers": json.dumps(list(numbers))}
    items = connection.execute(f"SELECT number, id, metadata, text, ocr FROM items {chosen}", values)
    for number, item_id, metadata, text, ocr in items:
        item = Item(item_id, text, False, json.loads(metadata), ocr)
        bodies = [(key, item.passage(passage)) for key, passage in _passages(connection, number)] or [(-number, "")]
        bodies[0] = (bodies[0][0], f"{_described(item)}\n{bodies[0][1]}")
        yield from (row for row in bodies if row[1].strip())


def _passages(connection: Connection, number: int) -> Iterator[tuple[int, Passage]]:
    rows = connection.execute(
        "SELECT key, source, start, stop FROM vectors WHERE item = ? AND source IS NOT NULL ORDER BY key", (number,)
    )
    for key, *place in rows:
        yield key, Passage(*place)


def _described(item: Item) -> str:
    name = [] if _MEANINGLESS_ID.fullmatch(item.id) else [item.id]
    return "\n".join((*name, *_said(item.metadata.values())))


def _said(values: Iterable[JsonValue]) -> Iterator[str]:
    """Strings, and numbers too: an article number often is one."""
    for value in values:
        if isinstance(value, list):
            yield from _said(value)
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            yield str(value)
