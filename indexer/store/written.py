"""What of an item is searched as words: its passages, and one row for its id and metadata. Knows nothing of how words
are indexed."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from sqlite3 import Connection

from indexer.item import JsonValue


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
    return [row for row in passages if row[1]] + [
        (-number, "\n".join((item_id, *_strings(json.loads(metadata).values()))))
        for number, item_id, metadata in described
    ]


def item_of(rowid: int, owners: Mapping[int, int]) -> int | None:
    """The number of the item that a row belongs to. owners: key -> number."""
    return -rowid if rowid < 0 else owners.get(rowid)


def _strings(values: Iterable[JsonValue]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from _strings(value)
