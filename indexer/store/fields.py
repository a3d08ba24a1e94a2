"""The metadata of items as rows that SQL can compare: one row for each value. Knows nothing of filters."""

import json
from collections.abc import Iterator, Mapping
from enum import IntEnum
from sqlite3 import Connection
from typing import Final

from indexer.item import JsonValue
from indexer.store.moment import moment

SqlValue = int | float | str


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
_LARGEST: Final = 2**63


def put_fields(connection: Connection, number: int, metadata: Mapping[str, JsonValue]) -> None:
    """Adds the rows of item `number`, which has none."""
    connection.executemany("INSERT OR IGNORE INTO field_names (name) VALUES (?)", [(name,) for name in metadata])
    connection.executemany(  # OR IGNORE: a value that stands twice in one list is one row
        "INSERT OR IGNORE INTO fields (field, kind, value, item) "
        "SELECT number, ?, ?, ? FROM field_names WHERE name = ?",
        [(kind, value, number, name) for name, kind, value in _rows(metadata)],
    )


def remove_fields(connection: Connection, number: int) -> None:
    """Removes the rows of item `number`, while `items` still holds the metadata that they were made from."""
    found = connection.execute("SELECT metadata FROM items WHERE number = ?", (number,)).fetchone()
    if found is not None:
        connection.executemany(
            "DELETE FROM fields WHERE field = (SELECT number FROM field_names WHERE name = ?) AND kind = ? "
            "AND value = ? AND item = ?",
            [(name, kind, value, number) for name, kind, value in _rows(json.loads(found[0]))],
        )


def kinds_of(value: JsonValue) -> Iterator[tuple[Kind, SqlValue]]:
    """What a scalar is compared as, the plainest first; nothing for what is no scalar."""
    match value:
        case None:
            yield Kind.NULL, 0
        case bool():
            yield Kind.BOOLEAN, int(value)
        case int() if not -_LARGEST <= value < _LARGEST:
            yield Kind.NUMBER, float(value)
        case int() | float():
            yield Kind.NUMBER, value
        case str():
            yield Kind.STRING, value
            seconds = moment(value)
            if seconds is not None:
                yield Kind.MOMENT, seconds


def _rows(metadata: Mapping[str, JsonValue]) -> Iterator[tuple[str, int, SqlValue]]:
    """name, kind, value"""
    for name, value in metadata.items():
        if not isinstance(value, list | tuple):
            for kind, plain in kinds_of(value):
                yield name, kind, plain
            continue
        yield name, Kind.LIST, 0
        for element in value:
            for kind, plain in kinds_of(element):
                yield name, -kind, plain
