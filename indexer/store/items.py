"""The one truth of a collection: items, pictures and vectors in SQLite. Knows nothing of indexes or of nearness."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from content.errors import CollectionError
from indexer.item import Item, Passage, Picture
from indexer.protocols import CHANNELS, Channel
from indexer.store.base_state import BaseState, info_key
from indexer.store.database import Database
from indexer.store.fields import names_of_fields
from indexer.store.info import StoreInfo
from indexer.store.schema import TABLES
from indexer.store.snapshot import Snapshot
from indexer.store.transaction import Transaction
from indexer.store.word_lookup import RowFilter
from indexer.store.words import optimize_words, ranked_rows

_ITEMS: Final = (
    "SELECT id, text, metadata, ocr, picture.item IS NOT NULL FROM items "
    "LEFT JOIN pictures AS picture ON picture.item = number"
)


@dataclass(frozen=True, slots=True)
class StoredContent:
    """Text, what was read off the picture, and the encoded picture of an item, still undecoded."""

    text: str | None
    ocr: str | None
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
            for statement in TABLES:
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
                f"the collection in {path.parent} is damaged: its table `info` is not whole; restore it from a backup"
            ) from error
        return cls(database, info)

    def close(self) -> None:
        self._database.close()

    def version(self) -> int:
        """A number that changes with every commit, of this process or another."""
        return self._database.version()

    def is_current(self) -> bool:
        """Whether the file is still the one under its name: no other process has removed or replaced it."""
        return self._database.is_current()

    @contextmanager
    def transaction(self) -> Iterator["Transaction"]:
        """All that is written inside is on disk when the block ends, or none of it when it fails."""
        with self._database.writing() as connection:
            yield Transaction(connection, self.info.dimension)

    def compact(self) -> None:
        """Gives back the room that deleted rows left. No number and no key changes."""
        with self._database.writing() as connection:
            optimize_words(connection)
        self._database.vacuum()

    @contextmanager
    def snapshot(self) -> Iterator["Snapshot"]:
        """The vectors as they are now, whatever is written meanwhile."""
        with self._database.snapshot() as connection:
            yield Snapshot(connection, self.info.dimension)

    def base(self, channel: Channel) -> BaseState | None:
        """What is known of the channel's base."""
        return BaseState.read(self.read_info(info_key(channel)))

    def read_info(self, key: str) -> str | None:
        with self._database.reading() as connection:
            row = connection.execute("SELECT value FROM info WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def __len__(self) -> int:
        with self._database.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM items").fetchone()[0])

    def get(self, ids: Sequence[str]) -> dict[str, Item]:
        with self._database.reading() as connection:
            rows = connection.execute(
                f"{_ITEMS} WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
            )
            return {row[0]: _item(row) for row in rows}

    def page(self, limit: int, after: str | None, before: str | None) -> list[Item]:
        """In ascending order of ids, by whose index they are found."""
        with self._database.reading() as connection:
            if before is not None:
                rows = connection.execute(f"{_ITEMS} WHERE id < ? ORDER BY id DESC LIMIT ?", (before, limit))
                return [_item(row) for row in rows][::-1]
            rows = connection.execute(f"{_ITEMS} WHERE id > ? ORDER BY id LIMIT ?", (after or "", limit))
            return [_item(row) for row in rows]

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
                "SELECT id, text, ocr, data FROM items LEFT JOIN pictures ON item = number "
                "WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            )
            return {row[0]: StoredContent(row[1], row[2], row[3]) for row in rows}

    def digests(self, ids: Sequence[str], *, read: bool = False) -> dict[str, bytes]:
        """read: only of those that have no picture, or whose picture somebody has looked at for text."""
        unread = " AND (ocr IS NOT NULL OR NOT EXISTS (SELECT 1 FROM pictures WHERE item = number))" if read else ""
        with self._database.reading() as connection:
            return dict(
                connection.execute(
                    f"SELECT id, digest FROM items WHERE id IN (SELECT value FROM json_each(?)){unread}",
                    (json.dumps(list(ids)),),
                )
            )

    def ids(self, limit: int, after: str | None) -> list[str]:
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id FROM items WHERE id > ? ORDER BY id LIMIT ?", ("" if after is None else after, limit)
            )
            return [row[0] for row in rows]

    def sample(self, count: int) -> list[str]:
        """The ids behind `count` numbers that lie evenly among all."""
        with self._database.reading() as connection:
            low, high = connection.execute(
                "SELECT coalesce(min(number), 0), coalesce(max(number), 0) FROM items"
            ).fetchone()
            numbers = [low + (high - low + 1) * place // count for place in range(count)]
            rows = connection.execute(
                "SELECT id FROM items WHERE number IN (SELECT (SELECT min(number) FROM items WHERE number >= value) "
                "FROM json_each(?)) ORDER BY number",
                (json.dumps(numbers),),
            )
            return [row[0] for row in rows]

    def ids_of(self, numbers: Sequence[int]) -> dict[int, str]:
        """The id of each of these items that is there."""
        with self._database.reading() as connection:
            return dict(
                connection.execute(
                    "SELECT number, id FROM items WHERE number IN (SELECT value FROM json_each(?))",
                    (json.dumps(list(numbers)),),
                )
            )

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """The passage of each of these vectors that is there and has one."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT key, source, start, stop FROM vectors "
                "WHERE key IN (SELECT value FROM json_each(?)) AND source IS NOT NULL",
                (json.dumps(list(keys)),),
            )
            return {key: Passage(source, start, stop) for key, source, start, stop in rows}

    def chosen(self, choose: Callable[[Connection, int], NDArray[np.bool_]]) -> NDArray[np.bool_]:
        """What `choose` makes of one moment of the store and the highest number of an item in it."""
        with self._database.snapshot() as connection:
            (highest,) = connection.execute("SELECT coalesce(max(number), 0) FROM items").fetchone()
            return choose(connection, highest)

    def fields(self) -> list[str]:
        """The names of the items' metadata."""
        with self._database.reading() as connection:
            return names_of_fields(connection)

    def having(self, channel: Channel, numbers: Sequence[int]) -> set[int]:
        """Those of the items that have vectors in a channel."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT item FROM vectors WHERE item IN (SELECT value FROM json_each(?)) AND channel = ?",
                (json.dumps(list(numbers)), channel),
            )
            return {row[0] for row in rows}

    def by_words(
        self, query: str, use: Callable[[Iterator[tuple[int, float]]], None], wanted: RowFilter | None = None
    ) -> None:
        """Calls `use` with (rowid, score) of the rows that hold words of the query, best first, as in `ranked_rows`; it
        takes as many as it wants."""
        with self._database.reading() as connection:
            use(ranked_rows(connection, query, wanted))

    def counts(self) -> dict[Channel, int]:
        """How many vectors each channel has."""
        with self._database.reading() as connection:
            rows: dict[str, int] = dict(connection.execute("SELECT channel, count(*) FROM vectors GROUP BY channel"))
        return {channel: rows.get(channel, 0) for channel in CHANNELS}


def _item(row: tuple[Any, ...]) -> Item:
    """Of a row of `_ITEMS`."""
    item_id, text, metadata, ocr, has_image = row
    return Item(item_id, text, bool(has_image), json.loads(metadata), ocr)
