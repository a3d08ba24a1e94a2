"""The tables of a collection, and the version they count as. Knows nothing of who reads or writes them."""

from typing import Final

from indexer.store.fields import FIELD_TABLES
from indexer.store.words import WORD_TABLES

SCHEMA_VERSION: Final = 2

# items.number is what the other tables refer to, and vectors.key what indexes do. Neither is ever given twice
# (AUTOINCREMENT), and the vector under a key never changes: so a process whose indexes hold all keys up to one, and
# that knows all removals up to one, needs only what came after them.
TABLES: Final = (
    "CREATE TABLE info (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE items (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, digest BLOB NOT NULL, "
    "metadata TEXT NOT NULL, text TEXT, ocr TEXT)",
    "CREATE TABLE pictures (item INTEGER PRIMARY KEY REFERENCES items (number) ON DELETE CASCADE, "
    "media_type TEXT NOT NULL, data BLOB NOT NULL)",
    # source, start, stop: the passage that a vector of the channel `text` was made from; NULL in the channel `image`.
    "CREATE TABLE vectors (key INTEGER PRIMARY KEY AUTOINCREMENT, "
    "item INTEGER NOT NULL REFERENCES items (number) ON DELETE CASCADE, channel TEXT NOT NULL, "
    "source TEXT, start INTEGER, stop INTEGER, vector BLOB NOT NULL)",
    "CREATE INDEX vectors_of_item ON vectors (item, channel)",
    "CREATE INDEX vectors_of_channel ON vectors (channel, item)",
    # Which vectors went, in order. The oldest are forgotten: up to info.forgotten.
    "CREATE TABLE removals (position INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, key INTEGER NOT NULL)",
    *FIELD_TABLES,
    *WORD_TABLES,
)
