"""The metadata of items as rows that SQL can compare: one row for each value. Knows nothing of filters."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from sqlite3 import Connection
from typing import Final

from indexer.item import JsonValue
from indexer.store.moment import moment

SqlValue = int | float | str
_Row = tuple[str, int, SqlValue]  # name, kind, value


class Kind(IntEnum):
    """What a row's value is; the kind of an element of a list is negated. The numbers are written into collections."""

    NULL = 1
    BOOLEAN = 2
    NUMBER = 3
    STRING = 4
    LIST = 5  # that the field holds a list; its elements have rows of their own
    MOMENT = 6  # seconds since 1970: one more row of a string that is a date


# The names stand apart, as they are long and few. A condition on a field is one range of the primary key, which is all
# of the table: numbers, strings and moments lie in their order, and nothing else needs to be read.
# Nothing finds the rows of an item but what its metadata says: an index for that would double the table.
FIELD_TABLES: Final = (
    "CREATE TABLE field_names (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "CREATE TABLE fields (field INTEGER NOT NULL, kind INTEGER NOT NULL, value NOT NULL, item INTEGER NOT NULL, "
    "PRIMARY KEY (field, kind, value, item)) WITHOUT ROWID",
)


def put_fields(
    connection: Connection,
    number: int,
    metadata: Mapping[str, JsonValue],
    before: Mapping[str, JsonValue] | None = None,
) -> None:
    """Makes the rows of item `number`, which were those of `before` (None: it had none), those of its metadata.

    What is equal in both is not touched: the rows of one item lie far apart, and each costs a page of the disk.
    """
    old, new = _rows(before or {}), _rows(metadata)
    _remove(connection, number, [row for row in old if row not in new])
    added = [row for row in new if row not in old]
    names = dict.fromkeys(name for name, _, _ in added)
    connection.executemany("INSERT OR IGNORE INTO field_names (name) VALUES (?)", [(name,) for name in names])
    connection.executemany(
        "INSERT INTO fields (field, kind, value, item) SELECT number, ?, ?, ? FROM field_names WHERE name = ?",
        [(kind, value, number, name) for name, kind, value in added],
    )


def remove_fields(connection: Connection, number: int) -> None:
    """Removes the rows of item `number`, while `items` still holds the metadata that they were made from."""
    found = connection.execute("SELECT metadata FROM items WHERE number = ?", (number,)).fetchone()
    if found is not None:
        _remove(connection, number, _rows(json.loads(found[0])))


def names_of_fields(connection: Connection) -> list[str]:
    """Those that an item has now, in the order in which they first came. A look at each name, not at each item."""
    rows = connection.execute(
        "SELECT name FROM field_names WHERE EXISTS (SELECT 1 FROM fields WHERE field = field_names.number) "
        "ORDER BY number"
    )
    return [row[0] for row in rows]


def _remove(connection: Connection, number: int, rows: Iterable[_Row]) -> None:
    connection.executemany(
        "DELETE FROM fields WHERE field = (SELECT number FROM field_names WHERE name = ?) AND kind = ? AND value = ? "
        "AND item = ?",
        [(name, kind, value, number) for name, kind, value in rows],
    )


def kinds_of(value: JsonValue) -> Iterator[tuple[Kind, SqlValue]]:
    """What a scalar is compared as, the plainest first; nothing for what format 1 took beside scalars, and for numbers
    beyond all floats."""
    match value:
        case None:
            yield Kind.NULL, 0
        case bool():
            yield Kind.BOOLEAN, int(value)
        case int() | float() if abs(value) <= sys.float_info.max:
            # One form for equal numbers: 1.0 is kept as 1, and 2**63, for which SQLite has no integer, as 2.0**63.
            whole = -(2**63) <= value < 2**63 and value == int(value)
            yield Kind.NUMBER, int(value) if whole else float(value)
        case str():
            yield Kind.STRING, value
            seconds = moment(value)
            if seconds is not None:
                yield Kind.MOMENT, seconds


def _rows(metadata: Mapping[str, JsonValue]) -> dict[_Row, None]:
    """Each row once, though a list may hold a value twice; in their order, as a set would not be."""
    return dict.fromkeys(row for name, value in metadata.items() for row in _rows_of(name, value))


def _rows_of(name: str, value: JsonValue) -> Iterator[_Row]:
    if not isinstance(value, list | tuple):
        for kind, plain in kinds_of(value):
            yield name, kind, plain
        return
    yield name, Kind.LIST, 0
    for element in value:
        for kind, plain in kinds_of(element):
            yield name, -kind, plain
