"""What of an item is searched as words: its passages, and one row for its id and metadata. Knows nothing of how words
are indexed."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from sqlite3 import Connection
from typing import Final

from indexer.item import JsonValue

# Hashes and UUIDs: whoever looks for 2024 or "cafe" does not mean them.
_MEANINGLESS_ID: Final = re.compile(r"[0-9a-fA-F-]{16,}")


def written_rows(connection: Connection, numbers: Sequence[int] | None = None) -> list[tuple[int, str]]:
    """(rowid, body) of the items as they are stored now; None means all items.

    A passage has the key of its vector as rowid; what an item's metadata says has the item's number, negated.
    """
    chosen = "" if numbers is None else "WHERE number IN (SELECT value FROM json_each(:numbers))"
    values = {} if numbers is None else {"numbers": json.dumps(list(numbers))}
    passages = connection.execute(
        "SELECT key, substr(CASE source WHEN 'ocr' THEN ocr ELSE text END, start + 1, stop - start) "
        f"FROM items CROSS JOIN vectors ON item = number AND source IS NOT NULL {chosen}",
        values,
    )
    described = connection.execute(f"SELECT number, id, metadata FROM items {chosen}", values)
    bodies = [(-number, _described(item_id, json.loads(metadata))) for number, item_id, metadata in described]
    return [row for row in passages if row[1]] + [row for row in bodies if row[1]]


def _described(item_id: str, metadata: Mapping[str, JsonValue]) -> str:
    name = [] if _MEANINGLESS_ID.fullmatch(item_id) else [item_id]
    return "\n".join((*name, *_strings(metadata.values())))


def _strings(values: Iterable[JsonValue]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from _strings(value)
