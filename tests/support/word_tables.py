"""The two tables of words alone, in memory."""

import sqlite3
from sqlite3 import Connection

from indexer.store.words import WORD_TABLES


def empty_word_tables() -> Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in WORD_TABLES:
        connection.execute(statement)
    return connection
