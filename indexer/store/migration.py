"""Collections of format 1 become collections of format 2. Knows the tables of the earlier format, which nothing else
does."""

import json
import logging
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from content.errors import CollectionBusy, CollectionError
from indexer.files import replaced
from indexer.item import JsonValue
from indexer.locks import ProcessLock
from indexer.store.derived import build_fields, build_words
from indexer.store.failures import translated
from indexer.store.schema import SCHEMA_VERSION, TABLES

_OLD: Final = 1
_OLD_INDEXES: Final = ("image.faiss", "text.faiss")
_PATIENCE_S: Final = 10.0
_log = logging.getLogger(__name__)

# Numbers and keys stay what they were. A vector of a text was made from all of the text.
_COPIED: Final = (
    "INSERT INTO info (key, value) SELECT key, value FROM old.info",
    # Of a long text only the beginning was encoded. Without its digest the next `lychee index` splits it into passages.
    "INSERT INTO items (number, id, digest, metadata, text) "
    "SELECT number, id, iif(length(text) > 100, x'', digest), metadata, text FROM old.items",
    "INSERT INTO pictures (item, media_type, data) SELECT item, media_type, data FROM old.pictures",
    "INSERT INTO vectors (key, item, channel, source, start, stop, vector) "
    "SELECT key, item, channel, 'text', 0, characters(text), vector "
    "FROM old.vectors JOIN old.items ON number = item WHERE channel = 'text'",
    "INSERT INTO vectors (key, item, channel, vector) SELECT key, item, channel, vector FROM old.vectors "
    "WHERE channel <> 'text'",
)


def carry_over(path: Path, lock: ProcessLock) -> None:
    """Gives the store in `path` the format of this program, unless another process has done so meanwhile.

    A new file is made beside the old one and renamed over it: killed at any moment, either is there, and whole. Takes
    about two minutes for a million items, and as much space again until it is done. Raises CollectionBusy when another
    process has the collection open, CollectionError when it is damaged or the disk does not take the new file.
    """
    with lock.held():
        if _version(path) != _OLD:
            return
        _log.warning("carrying the collection in %s over to format %d", path.parent, SCHEMA_VERSION)
        try:
            with replaced(path) as temporary, translated(path):
                _leave_alone(temporary)
                _close_wal(path)
                _fill(temporary, path)
        except OSError as error:
            raise CollectionError(f"cannot write {path}: {error.strerror}") from error
        for name in _OLD_INDEXES:
            (path.parent / name).unlink(missing_ok=True)


def _version(path: Path) -> int:
    with translated(path), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _leave_alone(temporary: Path) -> None:
    """Removes what a process that was killed has left behind."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        temporary.with_name(temporary.name + suffix).unlink(missing_ok=True)


def _close_wal(path: Path) -> None:
    """Brings all that was committed into the one file, and removes the two beside it: they would be taken for those of
    the new file. SQLite does this only for who is alone with it."""
    deadline = time.monotonic() + _PATIENCE_S
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as connection:
        while True:
            try:
                connection.execute("PRAGMA journal_mode = DELETE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                if time.monotonic() > deadline:
                    raise CollectionBusy(
                        f"the collection in {path.parent} must be carried over to format {SCHEMA_VERSION}, and another "
                        "process, perhaps of an earlier version, has it open; end that, then try again"
                    ) from error
                time.sleep(0.05)
            else:
                return


def _fill(new: Path, old: Path) -> None:
    with closing(sqlite3.connect(new, isolation_level=None)) as connection:
        connection.create_function("characters", 1, lambda text: len(text or ""), deterministic=True)
        connection.execute("ATTACH ? AS old", (str(old),))
        (page_bytes,) = connection.execute("PRAGMA old.page_size").fetchone()
        connection.execute(f"PRAGMA page_size = {page_bytes}")
        connection.execute("PRAGMA main.journal_mode = OFF")  # nobody sees this file before it is whole
        connection.execute("PRAGMA main.synchronous = OFF")
        connection.execute("BEGIN")
        for statement in (*TABLES, *_COPIED):
            connection.execute(statement)
        _tidy_metadata(connection)
        build_fields(connection)
        build_words(connection)
        connection.execute(f"PRAGMA main.user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
        connection.execute("DETACH old")
        connection.execute("PRAGMA journal_mode = WAL")


def _tidy_metadata(connection: sqlite3.Connection) -> None:
    """Replaces what format 1 took and format 2 does not: lone surrogates, and whole numbers beyond all floats."""
    suspect = connection.execute(
        "SELECT number, metadata FROM items WHERE instr(lower(metadata), '\\ud') OR length(metadata) > 308"
    )
    tidied = ((json.dumps(_tidy(json.loads(metadata))), metadata, number) for number, metadata in suspect)
    changed = [(tidy, number) for tidy, metadata, number in tidied if tidy != metadata]
    connection.executemany("UPDATE items SET metadata = ? WHERE number = ?", changed)


def _tidy(value: JsonValue) -> JsonValue:
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case list():
            return [_tidy(element) for element in value]
        case dict():
            return {str(_tidy(key)): _tidy(element) for key, element in value.items()}
        case int() if abs(value) >= 2**1024:
            return str(value)
    return value
