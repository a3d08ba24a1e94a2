"""A file of bounded size that holds bytes under keys and throws out the least recently used; processes may share it.
Knows nothing of what the bytes mean, and leaves failures to its user."""

import logging
import math
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from reranker.blob_connection import BlobError, connect, in_transaction

_SLACK: Final = (
    2**18
)  # bytes: more than the pages of an empty file, and more than what another blob takes beside itself

_log = logging.getLogger(__name__)


class BlobFile:
    """Bytes under (space, key), in a file of at most `max_bytes`; SQLite's journal of some 16 MB comes on top.

    Bytes come back as they went in or not at all, which a checksum sees to. A process that is killed leaves the file
    whole: each write is a transaction. Safe to use from several threads. Every method may raise BlobError.
    """

    def __init__(self, path: Path, max_bytes: int) -> None:
        """Opens the file or makes it. Raises ForeignFile where it is none of ours, OSError where it cannot be read."""
        self._path = path
        self._max_bytes = max_bytes
        self._idle: list[sqlite3.Connection] = []
        self._pool = threading.Lock()
        self._writer = threading.Lock()
        self._closed = False
        try:
            with self._writing() as connection:
                self._make_room(connection, 0)
            with self._connection() as connection:  # what the bound was lowered by goes back to the disk
                connection.executescript("PRAGMA incremental_vacuum")  # `execute` would stop after the first page
        except BaseException:
            self.close()
            raise

    def get(self, space: str, key: bytes) -> bytes | None:
        with self._connection() as connection:
            row = connection.execute(
                "SELECT data, crc FROM entries JOIN blobs USING (number) WHERE space = ? AND key = ?", (space, key)
            ).fetchone()
        if row is None or _is_whole(space, key, *row):
            return None if row is None else row[0]
        _log.warning("an entry of %s is damaged and is thrown away", self._path)
        self.remove(space, key)
        return None

    def put(
        self, space: str, key: bytes, data: bytes, used: Mapping[bytes, float], spare_since: float = math.inf
    ) -> bool:
        """Stores `data` unless something is there already.

        used: other keys of the space with when they were used last, in seconds since 1970. spare_since: what was used
        since then is not thrown out for this.
        Returns False where there is no room for it.
        """
        if 2 * _SLACK + len(data) > self._max_bytes:
            return False
        with self._writing() as connection:
            _note_use(connection, space, used)
            if _is_there(connection, space, key):
                return True
            if not self._make_room(connection, len(data), spare_since):
                return False
            inserted = connection.execute(
                "INSERT INTO entries (space, key, used, crc) VALUES (?, ?, ?, ?)",
                (space, key, time.time(), _crc(space, key, data)),
            )
            connection.execute("INSERT INTO blobs (number, data) VALUES (?, ?)", (inserted.lastrowid, data))
            return True

    def note_use(self, space: str, used: Mapping[bytes, float]) -> None:
        """used: keys with when they were used last, in seconds since 1970."""
        with self._writing() as connection:
            _note_use(connection, space, used)

    def remove(self, space: str, key: bytes) -> None:
        with self._writing() as connection:
            query = "SELECT number FROM entries WHERE space = ? AND key = ?"
            for (number,) in connection.execute(query, (space, key)).fetchall():
                _remove(connection, number)

    def count(self, space: str) -> int:
        """How many entries the space has."""
        with self._connection() as connection:
            return int(connection.execute("SELECT count(*) FROM entries WHERE space = ?", (space,)).fetchone()[0])

    @property
    def nbytes(self) -> int:
        """What is in use of the file, all spaces together."""
        with self._connection() as connection:
            return _bytes_in_use(connection)

    def close(self) -> None:
        """Calling it twice is harmless; any other call afterwards raises BlobError."""
        with self._pool:
            self._closed = True
            while self._idle:
                self._idle.pop().close()

    def _make_room(self, connection: sqlite3.Connection, wanted: int, spare_since: float = math.inf) -> bool:
        """Throws out the least recently used until `wanted` bytes fit. Returns whether they do."""
        while _bytes_in_use(connection) + wanted + _SLACK > self._max_bytes:
            oldest = connection.execute(
                "SELECT number FROM entries WHERE used < ? ORDER BY used LIMIT 1", (spare_since,)
            ).fetchone()
            if oldest is None:
                return False
            _remove(connection, oldest[0])
        return True

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._writer, self._connection() as connection, in_transaction(connection):
            yield connection

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection for this thread alone."""
        with self._pool:
            if self._closed:
                raise BlobError("the file has been closed")
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            connection = connect(self._path)
        try:
            yield connection
        finally:
            with self._pool:
                if self._closed:
                    connection.close()
                else:
                    self._idle.append(connection)


def _bytes_in_use(connection: sqlite3.Connection) -> int:
    values = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count")]
    (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    return int((values[0] - values[1]) * page_bytes)


def _is_there(connection: sqlite3.Connection, space: str, key: bytes) -> bool:
    query = "SELECT 1 FROM entries JOIN blobs USING (number) WHERE space = ? AND key = ?"
    return connection.execute(query, (space, key)).fetchone() is not None


def _note_use(connection: sqlite3.Connection, space: str, used: Mapping[bytes, float]) -> None:
    connection.executemany(
        "UPDATE entries SET used = max(used, ?) WHERE space = ? AND key = ?",
        [(when, space, key) for key, when in used.items()],
    )


def _remove(connection: sqlite3.Connection, number: int) -> None:
    connection.execute("DELETE FROM blobs WHERE number = ?", (number,))
    connection.execute("DELETE FROM entries WHERE number = ?", (number,))


def _crc(space: str, key: bytes, data: bytes) -> int:
    """Over the key too, so that bytes under another's key are noticed."""
    return zlib.crc32(data, zlib.crc32(key, zlib.crc32(space.encode())))


def _is_whole(space: str, key: bytes, data: object, crc: object) -> bool:
    return isinstance(data, bytes) and crc == _crc(space, key, data)
