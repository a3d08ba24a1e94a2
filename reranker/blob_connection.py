"""Connections to the SQLite file of a BlobFile: made, told from other people's files, and judged by their errors. Knows
the tables, but not how they are used."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

BlobError = sqlite3.Error

_APPLICATION: Final = 0x4C594348  # "LYCH"
_APPLICATION_AT: Final = 68  # bytes into the file, https://www.sqlite.org/fileformat2.html#the_database_header
_VERSION: Final = 1
_PAGE_BYTES: Final = 32768  # a blob takes 0.03 to 9 MB
_JOURNAL_BYTES: Final = 16 * 2**20  # SQLite folds its journal into the file when it has grown to this
_PATIENCE_S: Final = 2.0  # for the write of another process, which takes milliseconds

# Two tables: SQLite rewrites a whole row when any part of it changes, and `used` changes often.
_TABLES: Final = (
    "CREATE TABLE entries (number INTEGER PRIMARY KEY, space TEXT NOT NULL, key BLOB NOT NULL, used REAL NOT NULL, "
    "crc INTEGER NOT NULL, UNIQUE (space, key))",
    "CREATE INDEX entries_by_use ON entries (used)",
    "CREATE TABLE blobs (number INTEGER PRIMARY KEY, data BLOB NOT NULL)",
)
_PASSING: Final = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT,
}  # fmt: skip


class ForeignFile(Exception):
    """A file of somebody else's lies where ours should."""


def is_damage(error: BlobError) -> bool:
    """Whether the file is to blame, so that only a new one helps: not a full or read-only disk, not another process."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF not in _PASSING


def connect(path: Path) -> sqlite3.Connection:
    """Makes the file where there is none. Raises ForeignFile, which leaves it untouched, OSError and BlobError."""
    if not _is_ours(path):
        raise ForeignFile
    connection = sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False)
    try:
        _set_up(connection)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def in_transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Committed on leaving, rolled back on any error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def delete(path: Path) -> None:
    """Removes a file of ours. Raises ForeignFile where it is none, OSError where it cannot be removed."""
    if not _is_ours(path):
        raise ForeignFile
    for suffix in ("-wal", "-shm", ""):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _is_ours(path: Path) -> bool:
    """Also where there is no file yet, or an empty one."""
    try:
        with path.open("rb") as file:
            head = file.read(_APPLICATION_AT + 4)
    except FileNotFoundError:
        return True
    return not head or head[_APPLICATION_AT:] == _APPLICATION.to_bytes(4, "big")


def _set_up(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        _create(connection)
    elif version != _VERSION:
        raise BlobError(f"it has format {version}, and this program knows format {_VERSION}")
    _use_journal(connection)
    connection.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last writes, never the file
    connection.execute(f"PRAGMA wal_autocheckpoint = {_JOURNAL_BYTES // _PAGE_BYTES}")
    connection.execute(f"PRAGMA journal_size_limit = {_JOURNAL_BYTES}")


def _create(connection: sqlite3.Connection) -> None:
    """Before WAL is switched on: what tells the file as ours must be in the file itself and not in a journal."""
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    with in_transaction(connection):
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:  # nobody else was quicker
            for statement in _TABLES:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {_VERSION}")


def _use_journal(connection: sqlite3.Connection) -> None:
    """SQLite does not wait for other processes here by itself."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
