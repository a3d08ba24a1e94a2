"""Words and fields against the items that they are made from. Knows nothing of how they are repaired."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from sqlite3 import Connection
from typing import Final

import numpy as np

from indexer.checking.truth import listed
from indexer.protocols import Keys
from indexer.store.fields import FIELD_TABLES, put_fields
from indexer.store.terms import folded, index_words
from indexer.store.words import count_word_rows
from indexer.store.written import written_rows

_TABLES: Final = ("trigrams", "words")
_AT_ONCE: Final = 1000
_SAMPLED: Final = 1000  # rows
_WORDS_OF_A_ROW: Final = 3
_SHORTEST, _PIECE = 3, 20  # characters
_ALL_FIELDS: Final = "SELECT name, kind, value, item FROM fields JOIN field_names ON number = field"


def words_damage(connection: Connection) -> str | None:
    """What is wrong with the indexes of words; None where nothing is. For the writing connection, which FTS5 needs to
    check itself, though nothing is changed."""
    try:
        for table in _TABLES:
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
        return _differing_words(connection)
    except sqlite3.DatabaseError as error:
        return f"the index of words is damaged ({error})"


def fields_damage(connection: Connection) -> str | None:
    """What is wrong with the rows of metadata; None where nothing is."""
    try:
        stored = _sum_of(connection.execute(_ALL_FIELDS))
        (rows,) = connection.execute("SELECT count(*) FROM fields").fetchone()
    except sqlite3.DatabaseError as error:
        return f"the rows of metadata are damaged ({error})"
    expected = (0, 0)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as scratch:
        for statement in FIELD_TABLES:
            scratch.execute(statement)
        items = connection.execute("SELECT number, metadata FROM items")
        while some := items.fetchmany(_AT_ONCE):
            scratch.execute("DELETE FROM fields")
            for number, metadata in some:
                put_fields(scratch, number, json.loads(metadata))
            count, total = _sum_of(scratch.execute(_ALL_FIELDS))
            expected = (expected[0] + count, (expected[1] + total) % 2**64)
    if stored == expected and rows == stored[0]:
        return None
    return f"filters see {rows:,} values of metadata, and the items have {expected[0]:,}, or others"


def _differing_words(connection: Connection) -> str | None:
    step = 1 + count_word_rows(connection) // _SAMPLED
    wanted = np.fromiter(_rowids(connection), np.int64)
    stored = np.fromiter((row[0] for row in connection.execute("SELECT id FROM trigrams_docsize")), np.int64)
    missing, strange = np.setdiff1d(wanted, stored), np.setdiff1d(stored, wanted)
    if len(missing) or len(strange):
        told = f"{len(missing):,} texts are missing among the words, and {len(strange):,} are there that no item has"
        return told if len(missing) == 0 else f"{told} (missing are those of {_items_of(connection, missing)})"
    for rowid, body in islice(written_rows(connection), 0, None, step):
        spelt = folded(body)
        pieces = [("trigrams", spelt[:_PIECE])] if len(spelt) >= _SHORTEST else []
        for table, text in (*pieces, *(("words", word) for word in index_words(spelt).split()[:_WORDS_OF_A_ROW])):
            if not _holds(connection, table, text, rowid):
                item = _items_of(connection, np.array([rowid]))
                return f"the text of {item} is not found by its own {text!r}"
    return None


def _items_of(connection: Connection, rowids: Keys) -> str:
    rows = connection.execute(
        "SELECT DISTINCT id FROM items LEFT JOIN vectors ON item = number "
        "WHERE key IN (SELECT value FROM json_each(?1)) OR -number IN (SELECT value FROM json_each(?1))",
        (json.dumps(rowids.tolist()),),
    )
    return listed([row[0] for row in rows])


def _holds(connection: Connection, table: str, text: str, rowid: int) -> bool:
    expression = '"' + text.replace('"', '""') + '"'
    statement = f"SELECT 1 FROM {table} WHERE {table} MATCH ? AND rowid = ?"
    return connection.execute(statement, (expression, rowid)).fetchone() is not None


def _rowids(connection: Connection) -> Iterator[int]:
    return (rowid for rowid, _ in written_rows(connection))


def _sum_of(rows: Iterator[tuple[object, ...]]) -> tuple[int, int]:
    """How many there are, and one number for all of them in whatever order."""
    count = total = 0
    for row in rows:
        count += 1
        total += hash(row)
    return count, total % 2**64
