"""The metadata of items as rows that SQL can compare: one row for each value. Knows nothing of filters."""

from collections.abc import Mapping
from sqlite3 import Connection
from typing import Final

from indexer.item import JsonValue

FIELD_TABLES: Final[tuple[str, ...]] = ()


def put_fields(connection: Connection, number: int, metadata: Mapping[str, JsonValue]) -> None:
    """Puts the metadata of item `number` in the place of what it had."""


def remove_fields(connection: Connection, number: int) -> None:
    """Removes all that item `number` has."""
