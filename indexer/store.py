"""The one truth of a collection: items, pictures and vectors in SQLite. Knows nothing of indexes or of nearness."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Final

import numpy as np

from content.errors import CollectionError
from indexer.database import Database
from indexer.item import Item, Picture
from indexer.protocols import CHANNELS, Channel, Keys, Vectors
from indexer.transaction import Transaction

# `number` is what the other tables refer to. A key is never given twice (AUTOINCREMENT), and the vector under a key
# never changes: so two sets of keys say all about what an index lacks and what it holds too much.
_TABLES: Final = (
    "CREATE TABLE info (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE items (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest BLOB NOT NULL, "
    "metadata TEXT NOT NULL, text TEXT)",
    "CREATE TABLE pictures (item INTEGER PRIMARY KEY REFERENCES items (number) ON DELETE CASCADE, "
    "media_type TEXT NOT NULL, data BLOB NOT NULL)",
    "CREATE TABLE vectors (key INTEGER PRIMARY KEY AUTOINCREMENT, "
    "item INTEGER NOT NULL REFERENCES items (number) ON DELETE CASCADE, channel TEXT NOT NULL, vector BLOB NOT NULL)",
    "CREATE INDEX vectors_of_item ON vectors (item, channel)",
)


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """What made the vectors. created: seconds since 1970."""

    encoder: str
    fingerprint: str
    dimension: int
    created: float


@dataclass(frozen=True, slots=True)
class StoredContent:
    """Text and encoded picture of an item, still undecoded."""

    text: str | None
    picture: bytes | None


class ItemStore:
    """Reads from any thread; writes through `transaction`, one at a time."""

    def __init__(self, database: Database, info: StoreInfo) -> None:
        self._database = database
        self.info = info

    @classmethod
    def create(cls, path: Path, info: StoreInfo) -> None:
        """A new, empty store; it is there wholly or not at all."""

        def fill(connection: Connection) -> None:
            for statement in _TABLES:
                connection.execute(statement)
            fields = {field: str(value) for field, value in asdict(info).items()}
            connection.executemany("INSERT INTO info (key, value) VALUES (?, ?)", fields.items())

        Database.create(path, fill)

    @classmethod
    def open(cls, path: Path) -> "ItemStore":
        """Raises NotFound when there is no such file, CollectionError when it is damaged or from a newer version."""
        database = Database(path)
        with database.reading() as connection:
            rows: dict[str, str] = dict(connection.execute("SELECT key, value FROM info"))
        try:
            info = StoreInfo(rows["encoder"], rows["fingerprint"], int(rows["dimension"]), float(rows["created"]))
        except (KeyError, ValueError) as error:
            database.close()
            raise CollectionError(
                f"the collection in {path.parent} is damaged: its table `info` is not whole"
            ) from error
        return cls(database, info)

    def close(self) -> None:
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator["Transaction"]:
        """All that is written inside is on disk when the block ends, or none of it when it fails."""
        with self._database.writing() as connection:
            yield Transaction(connection, self.info.dimension)

    def __len__(self) -> int:
        with self._database.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM items").fetchone()[0])

    def get(self, ids: Sequence[str]) -> dict[str, Item]:
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, text, metadata, picture.item IS NOT NULL FROM items "
                "LEFT JOIN pictures AS picture ON picture.item = number WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            )
            return {row[0]: Item(row[0], row[1], bool(row[3]), json.loads(row[2])) for row in rows}

    def picture(self, item_id: str) -> Picture | None:
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT data, media_type FROM pictures JOIN items ON number = item "
                "WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps([item_id]),),
            ).fetchone()
        return None if row is None else Picture(row[0], row[1])

    def contents(self, ids: Sequence[str]) -> dict[str, StoredContent]:
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, text, data FROM items LEFT JOIN pictures ON item = number "
                "WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            )
            return {row[0]: StoredContent(row[1], row[2]) for row in rows}

    def digests(self, ids: Sequence[str]) -> dict[str, bytes]:
        with self._database.reading() as connection:
            return dict(
                connection.execute(
                    "SELECT id, digest FROM items WHERE id IN (SELECT value FROM json_each(?))",
                    (json.dumps(list(ids)),),
                )
            )

    def ids(self, limit: int, after: str | None) -> list[str]:
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id FROM items WHERE id > ? ORDER BY id LIMIT ?", ("" if after is None else after, limit)
            )
            return [row[0] for row in rows]

    def keys(self, channel: Channel) -> Keys:
        """The keys of all vectors of a channel, ascending."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT key FROM vectors WHERE channel = ?", (channel,))
            keys: Keys = np.fromiter((row[0] for row in rows), np.int64)
        return np.sort(keys)

    def vectors(self, keys: Keys) -> tuple[Keys, Vectors]:
        """Those of `keys` that are there, ascending, with their vectors. Raises CollectionError for a damaged one."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT key, vector FROM vectors WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key",
                (json.dumps(keys.tolist()),),
            ).fetchall()
        data = b"".join(row[1] for row in rows)
        if any(len(row[1]) != 4 * self.info.dimension for row in rows):
            raise CollectionError("the collection is damaged: a vector has another dimension than the rest")
        return (
            np.array([row[0] for row in rows], np.int64),
            np.frombuffer(data, np.float32).reshape(len(rows), self.info.dimension),
        )

    def owners(self, keys: Keys) -> dict[int, str]:
        """The id of the item that each key belongs to; keys that are gone are left out."""
        with self._database.reading() as connection:
            return dict(
                connection.execute(
                    "SELECT key, id FROM vectors JOIN items ON number = item "
                    "WHERE key IN (SELECT value FROM json_each(?))",
                    (json.dumps(keys.tolist()),),
                )
            )

    def counts(self) -> dict[Channel, int]:
        """How many vectors each channel has."""
        with self._database.reading() as connection:
            rows: dict[str, int] = dict(connection.execute("SELECT channel, count(*) FROM vectors GROUP BY channel"))
        return {channel: rows.get(channel, 0) for channel in CHANNELS}
