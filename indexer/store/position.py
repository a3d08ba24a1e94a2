"""How far somebody has followed the changes of a collection."""

from dataclasses import dataclass
from sqlite3 import Connection


@dataclass(frozen=True, slots=True)
class Position:
    """All vectors with keys up to `key` have been seen, and all removals up to the one numbered `removal`."""

    key: int = 0
    removal: int = 0


def position_of(connection: Connection) -> Position:
    """The position of what this connection sees: the highest numbers that were ever given."""
    given: dict[str, int] = dict(
        connection.execute("SELECT name, seq FROM sqlite_sequence WHERE name IN ('vectors', 'removals')")
    )
    return Position(given.get("vectors", 0), given.get("removals", 0))
