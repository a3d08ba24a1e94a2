"""The words of rows, in two of SQLite's full-text indexes. Knows nothing of items or of fusing.

`trigrams` finds a string of three and more characters anywhere in a body. `words` finds what trigrams cannot: Chinese
words of one and two characters, `A4`, `5G`; and whole words, which say more than the same letters inside another word.
Both hold no bodies, only where words stand: to remove a row its body must be given once more.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from sqlite3 import Connection
from typing import Final

from indexer.store.terms import folded, index_words
from indexer.store.word_ranking import ranked_rows

__all__ = [
    "WORD_TABLES",
    "add_words",
    "count_word_rows",
    "optimize_words",
    "ranked_rows",
    "remove_words",
]

# case_sensitive: bodies are folded before they get here, and better than SQLite would. ascii: takes all that is not
# ASCII for letters, which is right for words that come apart already. detail, columnsize: a word counts once in a row,
# wherever it stands, and the length of a row is known from its trigrams.
WORD_TABLES: Final[tuple[str, ...]] = (
    "CREATE VIRTUAL TABLE trigrams USING fts5 (body, content = '', tokenize = 'trigram case_sensitive 1')",
    "CREATE VIRTUAL TABLE words USING fts5 (body, content = '', tokenize = 'ascii', detail = none, columnsize = 0)",
)
_AT_ONCE: Final = 1000


def add_words(connection: Connection, rows: Iterable[tuple[int, str]]) -> None:
    """rows: (rowid, body), new to the index; taken a thousand at a time."""
    for some in _taken_apart(rows):
        connection.executemany("INSERT INTO trigrams (rowid, body) VALUES (?, ?)", some[0])
        connection.executemany("INSERT INTO words (rowid, body) VALUES (?, ?)", some[1])


def remove_words(connection: Connection, rows: Iterable[tuple[int, str]]) -> None:
    """rows: (rowid, body), exactly as they were added."""
    for some in _taken_apart(rows):
        connection.executemany("INSERT INTO trigrams (trigrams, rowid, body) VALUES ('delete', ?, ?)", some[0])
        connection.executemany("INSERT INTO words (words, rowid, body) VALUES ('delete', ?, ?)", some[1])


def optimize_words(connection: Connection) -> None:
    """Brings each index into one piece, the smallest and quickest."""
    connection.execute("INSERT INTO trigrams (trigrams) VALUES ('optimize')")
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")


def count_word_rows(connection: Connection) -> int:
    """How many rows were added and not removed; some 20 ms for a million."""
    return int(connection.execute("SELECT count(*) FROM trigrams_docsize").fetchone()[0])


def _taken_apart(rows: Iterable[tuple[int, str]]) -> Iterator[tuple[list[tuple[int, str]], list[tuple[int, str]]]]:
    """Some rows at a time, as (rowid, folded body) and as (rowid, words)."""
    remaining = iter(rows)
    while some := [(rowid, folded(body)) for rowid, body in islice(remaining, _AT_ONCE)]:
        yield some, [(rowid, index_words(spelt)) for rowid, spelt in some]
