"""Writing to the store, between the beginning and the end of one transaction. Knows nothing of when it is committed by
others, nor of the indexes: it says what they must change."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

import numpy as np

from content.errors import InvalidInput
from indexer.checks import check_id, check_text, metadata_json
from indexer.encoded import EncodedItem
from indexer.protocols import CHANNELS, Channel, Keys, Vectors


@dataclass(frozen=True, slots=True)
class Change:
    """What a transaction does to the indexes: keys that go, and keys that come with their vectors."""

    removed: dict[Channel, Keys]
    added: dict[Channel, tuple[Keys, Vectors]]


class Transaction:
    """Writing, between the beginning and the end of one transaction."""

    def __init__(self, connection: Connection, dimension: int) -> None:
        self._connection = connection
        self._dimension = dimension

    def commit(self) -> None:
        """Ends the transaction before its block ends: for a caller that has something to do in the same moment."""
        self._connection.execute("COMMIT")

    def upsert(self, items: Iterable[EncodedItem]) -> Change:
        """Puts the items in the place of those with their ids. Raises InvalidInput for what cannot be stored."""
        last = {item.id: item for item in items}
        for item in last.values():
            self._check(item)
        numbers = [self._put(item) for item in last.values()]
        removed = self._remove_vectors(numbers)
        added = {channel: self._add_vectors(channel, zip(numbers, last.values(), strict=True)) for channel in CHANNELS}
        return Change(removed, added)

    def delete(self, ids: Sequence[str]) -> tuple[int, Change]:
        """Returns how many of the items were there."""
        rows = self._connection.execute(
            "SELECT number FROM items WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
        ).fetchall()
        removed = self._remove_vectors([row[0] for row in rows])
        self._connection.executemany("DELETE FROM items WHERE number = ?", rows)
        return len(rows), Change(removed, {})

    def _check(self, item: EncodedItem) -> None:
        check_id(item.id)
        if item.text is not None:
            check_text(item.text)
        for channel, vectors in item.vectors.items():
            if vectors.ndim != 2 or vectors.shape[1] != self._dimension:
                raise InvalidInput(
                    f"the {channel} vectors of item {item.id!r} have shape {vectors.shape}, and the collection takes "
                    f"(n, {self._dimension})",
                    param="vectors",
                )
            if not np.isfinite(vectors).all():
                raise InvalidInput(f"a {channel} vector of item {item.id!r} is not finite", param="vectors")

    def _put(self, item: EncodedItem) -> int:
        (number,) = self._connection.execute(
            "INSERT INTO items (id, digest, metadata, text) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
            "SET digest = excluded.digest, metadata = excluded.metadata, text = excluded.text RETURNING number",
            (item.id, item.digest, metadata_json(item.metadata), item.text),
        ).fetchone()
        self._connection.execute("DELETE FROM pictures WHERE item = ?", (number,))
        if item.picture is not None:
            self._connection.execute(
                "INSERT INTO pictures (item, media_type, data) VALUES (?, ?, ?)",
                (number, item.picture.media_type, item.picture.data),
            )
        return int(number)

    def _remove_vectors(self, numbers: Sequence[int]) -> dict[Channel, Keys]:
        removed: dict[str, list[int]] = {channel: [] for channel in CHANNELS}
        wanted = (json.dumps(numbers),)
        rows = self._connection.execute(
            "SELECT channel, key FROM vectors WHERE item IN (SELECT value FROM json_each(?))", wanted
        )
        for channel, key in rows:
            removed[channel].append(key)
        self._connection.execute("DELETE FROM vectors WHERE item IN (SELECT value FROM json_each(?))", wanted)
        return {channel: np.array(removed[channel], np.int64) for channel in CHANNELS}

    def _add_vectors(self, channel: Channel, items: Iterable[tuple[int, EncodedItem]]) -> tuple[Keys, Vectors]:
        keys: list[int] = []
        vectors: list[Vectors] = [np.empty((0, self._dimension), np.float32)]
        for number, item in items:
            rows = item.vectors.get(channel, vectors[0])
            vectors.append(np.ascontiguousarray(rows, np.float32))
            for row in vectors[-1]:
                cursor = self._connection.execute(
                    "INSERT INTO vectors (item, channel, vector) VALUES (?, ?, ?)", (number, channel, row.tobytes())
                )
                keys.append(int(cursor.lastrowid or 0))
        return np.array(keys, np.int64), np.concatenate(vectors)
