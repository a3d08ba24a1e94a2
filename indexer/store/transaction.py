"""Writing to the store, between the beginning and the end of one transaction. Knows nothing of when it is committed by
others, nor of the indexes: it says what they must change."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Final

import numpy as np

from content.errors import InvalidInput
from indexer.checks import check_id, check_text, metadata_json
from indexer.encoded import EncodedItem
from indexer.item import Passage
from indexer.protocols import CHANNELS, Channel, Keys, Vectors
from indexer.store.base_state import BaseState, info_key
from indexer.store.fields import put_fields, remove_fields
from indexer.store.position import Position, position_of
from indexer.store.words import add_words, remove_words
from indexer.store.written import written_rows

_REMOVALS_KEPT: Final = 100_000
_FORGET_EVERY: Final = 10_000  # removals


@dataclass(frozen=True, slots=True, eq=False)
class Added:
    """Vectors that came: keys (n,) ascending, the numbers of their items (n,), vectors (n, d)."""

    keys: Keys
    items: Keys
    vectors: Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What happened to one channel up to `position`: keys that went, some of which may never have been seen, and
    vectors that came."""

    removed: Keys
    added: Added
    position: Position


class Transaction:
    """Writing, between the beginning and the end of one transaction."""

    def __init__(self, connection: Connection, dimension: int) -> None:
        self._connection = connection
        self._dimension = dimension

    def commit(self) -> None:
        """Ends the transaction before its block ends: for a caller that has something to do in the same moment."""
        self._connection.execute("COMMIT")

    def upsert(self, items: Iterable[EncodedItem]) -> dict[Channel, Change]:
        """Puts the items in the place of those with their ids. Raises InvalidInput for what cannot be stored."""
        last = {item.id: item for item in items}
        for item in last.values():
            self._check(item)
        numbers = self._numbers(list(last))
        removed = self._remove_writing(list(numbers.values()))
        placed = [(self._put(item), item) for item in last.values()]
        added = {channel: self._add_vectors(channel, placed) for channel in CHANNELS}
        self._add_written([number for number, _ in placed])
        position = self._position()
        return {channel: Change(removed[channel], added[channel], position) for channel in CHANNELS}

    def delete(self, ids: Sequence[str]) -> tuple[int, dict[Channel, Change]]:
        """Returns how many of the items were there."""
        numbers = list(self._numbers(ids).values())
        removed = self._remove_writing(numbers)
        for number in numbers:
            remove_fields(self._connection, number)
        self._connection.executemany("DELETE FROM items WHERE number = ?", [(number,) for number in numbers])
        nothing, position = self._no_vectors(), self._position()
        return len(numbers), {channel: Change(removed[channel], nothing, position) for channel in CHANNELS}

    def write_info(self, key: str, value: str | None) -> None:
        """None removes the entry."""
        self._connection.execute("DELETE FROM info WHERE key = ?", (key,))
        if value is not None:
            self._connection.execute("INSERT INTO info (key, value) VALUES (?, ?)", (key, value))

    def set_base(self, channel: Channel, state: BaseState) -> None:
        """Makes this base the one that counts, and drops the removals that all bases have in them."""
        self.write_info(info_key(channel), state.written())
        self.forget_removals()

    def forget_removals(self) -> None:
        """Drops the removals that no base needs any more, but not the last 100,000: other processes may want those
        yet."""
        highest = self._position().removal
        (needed,) = self._connection.execute(
            "SELECT min(iif(json_valid(value), json_extract(value, '$.removal'), 0)) FROM info "
            "WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps([info_key(channel) for channel in CHANNELS]),),
        ).fetchone()
        forgotten = min(highest if needed is None else needed, highest - _REMOVALS_KEPT)
        if forgotten > 0:
            self._connection.execute("DELETE FROM removals WHERE position <= ?", (forgotten,))
            self.write_info("forgotten", str(forgotten))

    def _check(self, item: EncodedItem) -> None:
        check_id(item.id)
        for text in (item.text, item.ocr):
            if text is not None:
                check_text(text)
        for channel, vectors in item.vectors.items():
            if vectors.ndim != 2 or vectors.shape[1] != self._dimension:
                raise InvalidInput(
                    f"the {channel} vectors of item {item.id!r} have shape {vectors.shape}, and the collection takes "
                    f"(n, {self._dimension})",
                    param="vectors",
                )
            if not np.isfinite(vectors).all():
                raise InvalidInput(f"a {channel} vector of item {item.id!r} is not finite", param="vectors")
        if item.passages and len(item.passages) != len(item.vectors.get("text", ())):
            raise InvalidInput(f"item {item.id!r} has another number of passages than of text vectors", param="vectors")

    def _numbers(self, ids: Sequence[str]) -> dict[str, int]:
        """The numbers of those of the items that are there."""
        rows = self._connection.execute(
            "SELECT id, number FROM items WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
        )
        return dict(rows)

    def _put(self, item: EncodedItem) -> int:
        before = self._connection.execute("SELECT metadata FROM items WHERE id = ?", (item.id,)).fetchone()
        (number,) = self._connection.execute(
            "INSERT INTO items (id, digest, metadata, text, ocr) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
            "SET digest = excluded.digest, metadata = excluded.metadata, text = excluded.text, ocr = excluded.ocr "
            "RETURNING number",
            (item.id, item.digest, metadata_json(item.metadata), item.text, item.ocr),
        ).fetchone()
        put_fields(self._connection, number, item.metadata, json.loads(before[0]) if before else {})
        self._connection.execute("DELETE FROM pictures WHERE item = ?", (number,))
        if item.picture is not None:
            self._connection.execute(
                "INSERT INTO pictures (item, media_type, data) VALUES (?, ?, ?)",
                (number, item.picture.media_type, item.picture.data),
            )
        return int(number)

    def _add_written(self, numbers: Sequence[int]) -> None:
        add_words(self._connection, written_rows(self._connection, numbers))

    def _remove_writing(self, numbers: Sequence[int]) -> dict[Channel, Keys]:
        """Takes the items' vectors and words away, while what they were made from is still there."""
        remove_words(self._connection, written_rows(self._connection, numbers))
        removed: dict[str, list[int]] = {channel: [] for channel in CHANNELS}
        wanted = (json.dumps(numbers),)
        rows = self._connection.execute(
            "SELECT channel, key FROM vectors WHERE item IN (SELECT value FROM json_each(?))", wanted
        ).fetchall()
        for channel, key in rows:
            removed[channel].append(key)
        before = self._position().removal
        self._connection.executemany("INSERT INTO removals (channel, key) VALUES (?, ?)", rows)
        if before // _FORGET_EVERY != (before + len(rows)) // _FORGET_EVERY:
            self.forget_removals()
        self._connection.execute("DELETE FROM vectors WHERE item IN (SELECT value FROM json_each(?))", wanted)
        return {channel: np.array(removed[channel], np.int64) for channel in CHANNELS}

    def _add_vectors(self, channel: Channel, items: Iterable[tuple[int, EncodedItem]]) -> Added:
        keys: list[int] = []
        owners: list[int] = []
        vectors: list[Vectors] = [np.empty((0, self._dimension), np.float32)]
        for number, item in items:
            rows = np.ascontiguousarray(item.vectors.get(channel, vectors[0]), np.float32)
            vectors.append(rows)
            for row, passage in zip(rows, _passages(item, channel, len(rows)), strict=True):
                place = (None, None, None) if passage is None else (passage.source, passage.start, passage.stop)
                cursor = self._connection.execute(
                    "INSERT INTO vectors (item, channel, source, start, stop, vector) VALUES (?, ?, ?, ?, ?, ?)",
                    (number, channel, *place, row.tobytes()),
                )
                keys.append(int(cursor.lastrowid or 0))
                owners.append(number)
        return Added(np.array(keys, np.int64), np.array(owners, np.int64), np.concatenate(vectors))

    def _no_vectors(self) -> Added:
        return Added(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, self._dimension), np.float32))

    def _position(self) -> Position:
        return position_of(self._connection)


def _passages(item: EncodedItem, channel: Channel, rows: int) -> Sequence[Passage | None]:
    if channel == "image":
        return [None] * rows
    return item.passages or [Passage("text", 0, len(item.text or ""))] * rows
