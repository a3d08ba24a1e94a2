"""The vectors of a store at one moment, whatever is written meanwhile. Knows nothing of items."""

import json
from collections.abc import Sequence
from sqlite3 import Connection

import numpy as np

from content.errors import CollectionError
from indexer.protocols import Channel, Keys, Vectors
from indexer.store.base_state import BaseState, info_key
from indexer.store.position import Position, position_of
from indexer.store.transaction import Added, Change


class Snapshot:
    """The vectors of a store at one moment."""

    def __init__(self, connection: Connection, dimension: int) -> None:
        self._connection = connection
        self._dimension = dimension

    @property
    def position(self) -> Position:
        return position_of(self._connection)

    def info(self, key: str) -> str | None:
        row = self._connection.execute("SELECT value FROM info WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def count(self, channel: Channel, after: int = 0) -> int:
        """The number of the channel's vectors with keys behind `after`."""
        test = "+channel = ? AND key > ?" if after else "channel = ? AND ? = 0"  # + as below
        (count,) = self._connection.execute(f"SELECT count(*) FROM vectors WHERE {test}", (channel, after)).fetchone()
        return int(count)

    def owners(self, channel: Channel) -> tuple[Keys, Keys]:
        """All keys of a channel, ascending, and the number of the item of each."""
        rows = self._connection.execute("SELECT key, item FROM vectors WHERE channel = ?", (channel,))
        pairs = np.fromiter((one for row in rows for one in row), np.int64).reshape(-1, 2)
        pairs = pairs[np.argsort(pairs[:, 0])]
        return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])

    def vectors(self, keys: Keys) -> Vectors:
        """(n, d) float32 of `keys` (n,), ascending. Raises CollectionError for one that is gone or damaged."""
        rows = self._connection.execute(
            "SELECT vector FROM vectors WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key",
            (json.dumps(keys.tolist()),),
        ).fetchall()
        return self._stacked([row[0] for row in rows], len(keys))

    def base(self, channel: Channel) -> BaseState | None:
        """What the store knows of the channel's base."""
        return BaseState.read(self.info(info_key(channel)))

    def change(self, channel: Channel, since: Position) -> Change | None:
        """What happened since; None where that is forgotten, and where it lies ahead: an older copy of the store has
        been put in its place."""
        now = self.position
        if since.removal < int(self.info("forgotten") or 0) or since.key > now.key or since.removal > now.removal:
            return None
        removed = self._connection.execute(
            "SELECT key FROM removals WHERE channel = ? AND position > ?", (channel, since.removal)
        ).fetchall()
        gone = np.array([row[0] for row in removed], np.int64)
        return Change(gone, self._added(channel, since.key), now)

    def all(self, channel: Channel) -> Added:
        """All vectors of a channel."""
        return self._added(channel, 0)

    def _added(self, channel: Channel, after: int) -> Added:
        rows = self._connection.execute(
            # +: or SQLite would go through an index of all vectors for the few that are new
            "SELECT key, item, vector FROM vectors WHERE +channel = ? AND key > ? ORDER BY key",
            (channel, after),
        ).fetchall()
        return Added(
            np.array([row[0] for row in rows], np.int64),
            np.array([row[1] for row in rows], np.int64),
            self._stacked([row[2] for row in rows], len(rows)),
        )

    def _stacked(self, blobs: Sequence[bytes], expected: int) -> Vectors:
        if len(blobs) != expected or any(len(blob) != 4 * self._dimension for blob in blobs):
            raise CollectionError(
                "the collection is damaged: vectors are missing or of another dimension than the rest; run "
                "`lychee collection check`, or restore it from a backup"
            )
        return np.frombuffer(b"".join(blobs), np.float32).reshape(len(blobs), self._dimension)
