"""Words and the rows that hold them, in SQLite's full-text index. Knows nothing of items or of fusing."""

from collections.abc import Iterable, Iterator
from sqlite3 import Connection
from typing import Final

WORD_TABLES: Final[tuple[str, ...]] = (
    "CREATE VIRTUAL TABLE trigrams USING fts5 (body, content='', tokenize='trigram')",
)


def add_words(connection: Connection, rows: Iterable[tuple[int, str]]) -> None:
    """rows: (rowid, body), new to the index."""
    connection.executemany("INSERT INTO trigrams (rowid, body) VALUES (?, ?)", rows)


def remove_words(connection: Connection, rows: Iterable[tuple[int, str]]) -> None:
    """rows: (rowid, body), exactly as they were added."""
    connection.executemany("INSERT INTO trigrams (trigrams, rowid, body) VALUES ('delete', ?, ?)", rows)


def ranked_rows(connection: Connection, query: str) -> Iterator[tuple[int, float]]:
    """(rowid, score) of the rows that hold words of the query, best first; score: BM25, the greater the better."""
    for rowid, score in connection.execute(
        "SELECT rowid, -bm25(trigrams) FROM trigrams WHERE trigrams MATCH ? ORDER BY rank",
        ('"' + query.replace('"', '""') + '"',),
    ):
        yield rowid, score
