"""A collection as the first format had it: what earlier versions have left on disks."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from support.toy_encoder import ToyEncoder

from indexer.item import JsonValue

_TABLES = (
    "CREATE TABLE info (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE items (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest BLOB NOT NULL, "
    "metadata TEXT NOT NULL, text TEXT)",
    "CREATE TABLE pictures (item INTEGER PRIMARY KEY REFERENCES items (number) ON DELETE CASCADE, "
    "media_type TEXT NOT NULL, data BLOB NOT NULL)",
    "CREATE TABLE vectors (key INTEGER PRIMARY KEY AUTOINCREMENT, "
    "item INTEGER NOT NULL REFERENCES items (number) ON DELETE CASCADE, channel TEXT NOT NULL, vector BLOB NOT NULL)",
    "CREATE INDEX vectors_of_item ON vectors (item, channel)",
)
OldItem = tuple[str, str | None, bytes | None, Mapping[str, JsonValue]]  # id, text, PNG, metadata


def make_format_1(folder: Path, items: Sequence[OldItem]) -> sqlite3.Connection:
    """The connection is still open, so that what was written is in the log beside the file: close it."""
    folder.mkdir(parents=True)
    encoder = ToyEncoder()
    connection = sqlite3.connect(folder / "collection.sqlite", isolation_level=None)
    connection.execute("PRAGMA page_size = 16384")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN")
    for statement in _TABLES:
        connection.execute(statement)
    fields = {"encoder": encoder.name, "fingerprint": encoder.fingerprint, "dimension": "16", "created": "1.5"}
    connection.executemany("INSERT INTO info VALUES (?, ?)", fields.items())
    for number, (item_id, text, png, metadata) in enumerate(items, 1):
        row = (number, item_id, item_id.encode(), json.dumps(dict(metadata)), text)
        connection.execute("INSERT INTO items VALUES (?, ?, ?, ?, ?)", row)
        if png is not None:
            connection.execute("INSERT INTO pictures VALUES (?, 'image/png', ?)", (number, png))
        for channel, content in (("image", "red" if png else None), ("text", text)):
            if content is not None:
                vector = encoder.encode_texts([content]).tobytes()
                connection.execute(
                    "INSERT INTO vectors (item, channel, vector) VALUES (?, ?, ?)", (number, channel, vector)
                )
    connection.execute("PRAGMA user_version = 1")
    connection.execute("COMMIT")
    for channel in ("image", "text"):
        (folder / f"{channel}.faiss").write_bytes(b"an index of the earlier format")
    (folder / "manifest.json").write_text('{"format": 1}')
    (folder / "writer.lock").touch()
    return connection
