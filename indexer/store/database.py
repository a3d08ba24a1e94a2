"""Connections to the SQLite file of a collection: how they are set up, shared between threads and closed. Knows the
version of the schema, but none of its tables."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from content.errors import CollectionClosed, CollectionError, NotFound
from indexer.store.failures import translated
from indexer.store.schema import SCHEMA_VERSION

_BUSY_S: Final = 10.0
# A row holds one vector of 1 to 5 kB: pages of SQLite's default 4 kB would stand half empty.
_PAGE_BYTES: Final = 16384


class OldFormat(CollectionError):
    """A collection of an earlier format, which `indexer/store/migration.py` carries over."""


class Database:
    """One SQLite file in WAL mode: one connection that writes, and as many that read as threads read at a time."""

    def __init__(self, path: Path) -> None:
        """Raises NotFound when there is no such file, OldFormat when it must be carried over first, CollectionError
        when it is damaged or from a newer version."""
        if not path.is_file():
            raise NotFound(f"there is no collection in {path.parent}")
        self._path = path
        self._closed = False
        self._idle: list[sqlite3.Connection] = []
        self._writer: sqlite3.Connection | None = None
        self._writer_lock = threading.RLock()
        self._watcher: sqlite3.Connection | None = None
        self._watcher_lock = threading.Lock()
        self._identity = _identity(path)
        with self.reading() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        self._check_version(version)

    @classmethod
    def create(cls, path: Path, fill: Callable[[sqlite3.Connection], None]) -> None:
        """A new file with what `fill` puts into it; it counts as there only once it has all of that."""
        with translated(path):
            connection = sqlite3.connect(path, isolation_level=None)
            try:
                connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("BEGIN IMMEDIATE")
                fill(connection)
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
                connection.execute("COMMIT")
            finally:
                connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for this thread alone, which sees what was committed when each of its statements began."""
        with translated(self._path):
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self._connect()
                connection.execute("PRAGMA query_only = ON")
            try:
                yield connection
            finally:
                self._idle.append(connection)
                if self._closed:  # perhaps only now
                    self._close_idle()

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """As `reading`, but all statements see what was committed when the first of them began."""
        with self.reading() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    def version(self) -> int:
        """A number that changes with every commit, of this process or another; microseconds."""
        with self._watcher_lock, translated(self._path):
            if self._watcher is None:
                self._watcher = self._connect()
            return int(self._watcher.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The writing connection inside a transaction: committed on leaving unless it was before, rolled back on any
        error. Committed means on disk (synchronous=FULL)."""
        with self._writer_lock, translated(self._path, writing=True):
            connection = self._writing_connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                if connection.in_transaction:
                    connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def vacuum(self) -> None:
        """Writes the file anew without the room that deleted rows left; takes as much room again meanwhile."""
        with self._writer_lock, translated(self._path):
            connection = self._writing_connection()
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")  # waits for nobody; the next one does the rest

    def is_current(self) -> bool:
        """Whether the file that was opened is still the one under its name; microseconds. Another process may have
        removed it, or put another in its place. (As long as it is open here, no other gets its number.)"""
        return not self._closed and _identity(self._path) == self._identity

    def close(self) -> None:
        with self._writer_lock, self._watcher_lock:
            self._closed = True
            if self._watcher is not None:
                self._watcher.close()
                self._watcher = None
            self._close_idle()
            if self._writer is not None:
                self._writer.close()
                self._writer = None

    def _close_idle(self) -> None:
        with suppress(IndexError):
            while True:
                self._idle.pop().close()

    def _writing_connection(self) -> sqlite3.Connection:
        if self._writer is None:
            self._writer = self._connect()
            self._writer.execute("PRAGMA synchronous = FULL")
            self._writer.execute("PRAGMA foreign_keys = ON")
        return self._writer

    def _connect(self) -> sqlite3.Connection:
        if self._closed:
            raise CollectionClosed(f"the collection {self._path.parent.name} has been closed or removed meanwhile")
        # mode=rw: a file that vanished is an error, not an empty database.
        return sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=_BUSY_S,
            isolation_level=None,
            check_same_thread=False,
        )

    def _check_version(self, version: int) -> None:
        if version == SCHEMA_VERSION:
            return
        self.close()
        if version == 0:
            raise NotFound(f"there is no collection in {self._path.parent}")
        has = f"the collection in {self._path.parent} has format {version}, and this program reads {SCHEMA_VERSION}"
        if 0 < version < SCHEMA_VERSION:
            raise OldFormat(has)
        raise CollectionError(f"{has}; open it with a newer version of this program")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
