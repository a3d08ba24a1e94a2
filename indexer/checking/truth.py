"""The truth in itself: the pages of the file, rows that belong to nothing, vectors that are none. Knows nothing of what
is derived from it."""

import json
import sqlite3
from collections.abc import Sequence
from sqlite3 import Connection
from typing import Final

import numpy as np

from indexer.checking.report import Finding

_AT_ONCE: Final = 2000
_LISTED: Final = 5
_RESTORE: Final = "drop it, then restore the collection from a backup (`lychee collection restore`), or index again"


def page_damage(connection: Connection) -> str | None:
    """What SQLite says of its own file, in full; None where it is whole. Reads all of it."""
    try:
        said = [str(row[0]) for row in connection.execute(f"PRAGMA integrity_check({_LISTED})")]
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if said == ["ok"] else "; ".join(" ".join(each.split()) for each in said)


def is_only_in_indexes(connection: Connection) -> bool:
    """Whether the tables themselves are whole, so that SQLite can make its indexes anew."""
    try:
        return list(connection.execute("PRAGMA quick_check(1)")) == [("ok",)]
    except sqlite3.DatabaseError:
        return False


def damaged_pages(damage: str) -> Finding:
    return Finding("store", f"the file collection.sqlite is damaged: {damage}", _RESTORE, repaired=False)


def unreadable_metadata(connection: Connection) -> Finding | None:
    rows = connection.execute("SELECT id FROM items WHERE NOT json_valid(metadata) LIMIT ?", (_LISTED,)).fetchall()
    if not rows:
        return None
    return Finding("store", f"the metadata of {listed([row[0] for row in rows])} cannot be read", _RESTORE, False)


def orphans(connection: Connection) -> list[tuple[str, int]]:
    """Table and rowid of the rows whose item is not there."""
    return [(str(row[0]), int(row[1])) for row in connection.execute("PRAGMA foreign_key_check")]


def remove_orphans(connection: Connection, rows: Sequence[tuple[str, int]]) -> None:
    _remove_vectors(connection, [rowid for table, rowid in rows if table == "vectors"])
    pictures = [(rowid,) for table, rowid in rows if table == "pictures"]
    connection.executemany("DELETE FROM pictures WHERE item = ?", pictures)


def bad_vectors(connection: Connection, dimension: int) -> list[int]:
    """The keys of the vectors that have another length than the rest, or hold NaN or infinity."""
    bad = []
    cursor = connection.execute("SELECT key, vector FROM vectors")
    while rows := cursor.fetchmany(_AT_ONCE):
        whole = [row for row in rows if isinstance(row[1], bytes) and len(row[1]) == 4 * dimension]
        bad += sorted({row[0] for row in rows} - {row[0] for row in whole})
        vectors = np.frombuffer(b"".join(row[1] for row in whole), np.float32).reshape(len(whole), dimension)
        finite = np.asarray(np.isfinite(vectors).all(axis=1))
        bad += [row[0] for row, good in zip(whole, finite.tolist(), strict=True) if not good]
    return bad


def without_vectors(connection: Connection) -> str | None:
    """The items that have a picture or a text, and no vector of it; None where there are none."""
    rows = connection.execute(
        "SELECT id FROM items WHERE "
        "(number IN (SELECT item FROM pictures) "
        "AND NOT EXISTS (SELECT 1 FROM vectors WHERE item = number AND channel = 'image')) "
        "OR (text IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vectors WHERE item = number AND channel = 'text'))"
    ).fetchall()
    return listed([row[0] for row in rows]) if rows else None


def owners_of(connection: Connection, keys: Sequence[int]) -> str:
    """The ids of the items of these vectors, for a message."""
    rows = connection.execute(
        "SELECT DISTINCT id FROM vectors JOIN items ON number = item WHERE key IN (SELECT value FROM json_each(?))",
        (json.dumps(list(keys)),),
    )
    return listed([row[0] for row in rows])


def remove_bad_vectors(connection: Connection, keys: Sequence[int]) -> None:
    """Removes them; their items lose their digests, so that whoever indexes them again does not pass them over."""
    connection.execute(
        "UPDATE items SET digest = x'' WHERE number IN "
        "(SELECT item FROM vectors WHERE key IN (SELECT value FROM json_each(?)))",
        (json.dumps(list(keys)),),
    )
    _remove_vectors(connection, keys)


def _remove_vectors(connection: Connection, keys: Sequence[int]) -> None:
    chosen = (json.dumps(list(keys)),)
    connection.execute(
        "INSERT INTO removals (channel, key) SELECT channel, key FROM vectors "
        "WHERE key IN (SELECT value FROM json_each(?))",
        chosen,
    )
    connection.execute("DELETE FROM vectors WHERE key IN (SELECT value FROM json_each(?))", chosen)


def listed(ids: Sequence[str]) -> str:
    shown = ", ".join(f"{item_id[:60]!r}" for item_id in ids[:_LISTED])
    more = f" and {len(ids) - _LISTED:,} more" if len(ids) > _LISTED else ""
    return f"item {shown}" if len(ids) == 1 else f"items {shown}{more}"
