"""A collection's store as one file, and a collection out of such a file. Knows nothing of indexes, which such a file
lacks."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from content.errors import CollectionError, InvalidInput, NotFound
from indexer.files import flush, replaced
from indexer.locks import ProcessLock
from indexer.names import STORE, WRITER_LOCK
from indexer.store.failures import translated
from indexer.store.schema import SCHEMA_VERSION

Reached = Callable[[float], None]
_STEPS: Final = 20_000  # of SQLite's machine, between two looks at how far it is: some milliseconds
_BUSY_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Backup:
    """What a file holds. encoder: as its user named it. size: bytes."""

    format: int
    encoder: str
    items: int
    vectors: int
    size: int


def back_up(folder: Path, target: Path, *, replace: bool = False, reached: Reached = lambda share: None) -> Backup:
    """Writes the collection in `folder`, as it is at one moment, into the file `target`, whoever writes meanwhile.

    The file is whole or not there, and it has been checked when this returns. reached: is told the share that is done.
    Raises InvalidInput for a target that is there (unless `replace`) or lies in the collection's folder, NotFound where
    there is no collection, CollectionError when it is damaged or the disk does not take the file.
    """
    source = folder / STORE
    _check_target(target, folder, replace)
    if not source.is_file():
        raise NotFound(f"there is no collection in {folder}")
    with _disk_errors(target), replaced(target) as temporary:
        with translated(source), closing(_connect(source, "rw")) as connection:
            before = _moment(connection)
            _copy(connection, temporary, reached)
            after = _moment(connection)
        copied = _checked(temporary, target)
        if before == after and (copied.items, copied.vectors) != before[1:]:
            raise CollectionError(
                f"the backup of {folder} lacks items or vectors and was not kept; run `lychee collection check "
                f"{folder.name}`"
            )
    return copied


def restore(file: Path, folder: Path, *, reached: Reached = lambda share: None) -> Backup:
    """Makes the collection `folder` out of a backup; its indexes are built when it is opened.

    The folder is there wholly or not at all. Raises NotFound when there is no such file, InvalidInput when the folder
    is there already, CollectionError when the file is no backup, damaged or from a newer version, or the disk does not
    take it.
    """
    if not file.is_file():
        raise NotFound(f"there is no file {file}", param="file")
    _check_free(folder)
    with _of_a_backup(file), closing(_connect(file, "ro")) as connection:
        _described(connection, file)
    building = folder.with_name(f".restoring-{folder.name}")  # always the same: no killed process leaves many behind
    with _disk_errors(folder):
        building.mkdir(parents=True, exist_ok=True)
        with ProcessLock(building / WRITER_LOCK, patience_s=0.0).held():
            try:
                with replaced(building / STORE) as temporary:
                    with _of_a_backup(file), closing(_connect(file, "ro")) as connection:
                        _copy(connection, temporary, reached)
                    restored = _checked(temporary, file)
                    _make_store(temporary)
                _check_free(folder)
                building.rename(folder)
            except BaseException:
                shutil.rmtree(building, ignore_errors=True)
                raise
        flush(folder.parent)
    return restored


def _check_target(target: Path, folder: Path, replace: bool) -> None:
    if target.is_dir():
        raise InvalidInput(f"{target} is a folder; name a file in it", param="file")
    if not target.absolute().parent.is_dir():
        raise InvalidInput(f"there is no folder {target.absolute().parent}; make it first", param="file")
    if target.resolve().is_relative_to(folder.resolve()):
        raise InvalidInput(f"{target} lies in the collection itself; a backup belongs on another disk", param="file")
    if target.exists() and not replace:
        raise InvalidInput(f"there is a file {target} already; take another name, or --force", param="file")


def _check_free(folder: Path) -> None:
    if folder.exists():
        raise InvalidInput(f"there is {folder} already; restore under another name, or drop that one first")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=_BUSY_S, isolation_level=None)


def _moment(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """A number that changes with every commit of others, and how many items and vectors there are."""
    (version,) = connection.execute("PRAGMA data_version").fetchone()
    counts = connection.execute("SELECT (SELECT count(*) FROM items), (SELECT count(*) FROM vectors)").fetchone()
    return version, *counts


def _copy(connection: sqlite3.Connection, target: Path, reached: Reached) -> None:
    """All of it as it is when this begins, in a few MB of memory."""
    target.unlink(missing_ok=True)  # of a process that was killed
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    stopped: list[BaseException] = []

    def look() -> int:
        try:
            reached(min(1.0, target.stat().st_size / (pages * page_bytes)) if target.exists() else 0.0)
        except BaseException as error:  # noqa: BLE001  # Ctrl-C too: SQLite would swallow it
            stopped.append(error)
        return len(stopped)

    connection.set_progress_handler(look, _STEPS)
    try:
        connection.execute("VACUUM INTO ?", (os.fspath(target),))
    except sqlite3.OperationalError:
        if stopped:
            raise stopped[0] from None
        raise
    finally:
        connection.set_progress_handler(None, 0)
    reached(1.0)


def _checked(copy: Path, file: Path) -> Backup:
    """What the copy holds. Raises CollectionError, naming `file`, when it is not in order."""
    with _of_a_backup(file), closing(_connect(copy, "ro")) as connection:
        (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise CollectionError(f"what is to be copied from or to {file} is damaged; run `lychee collection check`")
        return _described(connection, copy)


def _described(connection: sqlite3.Connection, file: Path) -> Backup:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise CollectionError(
            f"{file} has format {version}, and this program reads up to {SCHEMA_VERSION}; restore it with a newer "
            "version of this program"
        )
    known = {str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if version < 1 or not known >= {"info", "items", "pictures", "vectors"}:
        raise CollectionError(f"{file} is no backup of a collection")
    row = connection.execute("SELECT value FROM info WHERE key = 'encoder'").fetchone()
    if row is None:
        raise CollectionError(f"{file} is no whole backup of a collection: it does not say which encoder made it")
    (items,) = connection.execute("SELECT count(*) FROM items").fetchone()
    (vectors,) = connection.execute("SELECT count(*) FROM vectors").fetchone()
    return Backup(version, row[0], items, vectors, file.stat().st_size)


def _make_store(path: Path) -> None:
    """A copy becomes a store: without the names of files that it lacks, and open to many readers and a writer."""
    with translated(path), closing(_connect(path, "rw")) as connection:
        connection.execute("DELETE FROM info WHERE key LIKE 'base!_%' ESCAPE '!'")
        connection.execute("PRAGMA journal_mode = WAL")


@contextmanager
def _of_a_backup(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise CollectionError(f"cannot read {file} or write its copy: {error}") from error
    except sqlite3.DatabaseError as error:
        raise CollectionError(f"{file} is no backup of a collection, or a damaged one: {error}") from error


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CollectionError(f"cannot write {path}: {error.strerror}") from error
