"""What a store holds that is made from the rest of it: words and fields, made anew. Knows nothing of when."""

import json
from sqlite3 import Connection

from indexer.store.fields import FIELD_TABLES, put_fields
from indexer.store.words import WORD_TABLES, add_words
from indexer.store.written import written_rows


def build_words(connection: Connection) -> None:
    """Makes both indexes of words anew, however damaged they are, in little memory."""
    for table in ("trigrams", "words"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in WORD_TABLES:
        connection.execute(statement)
    add_words(connection, written_rows(connection))


def build_fields(connection: Connection) -> None:
    """Makes the rows of all metadata anew, in little memory."""
    for table in ("fields", "field_names"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in FIELD_TABLES:
        connection.execute(statement)
    for number, metadata in connection.execute("SELECT number, metadata FROM items"):
        put_fields(connection, number, json.loads(metadata))
