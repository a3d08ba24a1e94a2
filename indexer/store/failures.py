"""What SQLite says of a disk, in words that say what to do. Knows nothing of connections."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from content.errors import CollectionBusy, CollectionError

_PRIMARY: Final = 0xFF  # an extended code has the primary one in its lowest byte
_NOTHING_STORED: Final = "; nothing of this batch was stored"


@contextmanager
def translated(path: Path, *, writing: bool = False) -> Iterator[None]:
    """Turns SQLite's errors about the file `path` into CollectionError with the folder's name. writing: a batch is
    being stored, and none of it is when this raises."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _operational(path.parent, error, _NOTHING_STORED if writing else "") from error
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # a mistake in a statement of ours, no damage
            raise
        raise CollectionError(_damage(path.parent, error)) from error


def _operational(folder: Path, error: sqlite3.OperationalError, outcome: str) -> CollectionError:
    match getattr(error, "sqlite_errorcode", 0) & _PRIMARY:
        case sqlite3.SQLITE_FULL:
            return CollectionError(f"no space is left on the disk of {folder}; free some and try again{outcome}")
        case sqlite3.SQLITE_IOERR:
            return CollectionError(
                f"the disk of {folder} does not take or give what it should ({error}); look whether it is full or "
                f"failing, then try again{outcome}"
            )
        case sqlite3.SQLITE_READONLY:
            return CollectionError(
                f"the collection in {folder} cannot be written to: the disk, the folder or the file is read-only; make "
                f"it writable and try again{outcome}"
            )
        case sqlite3.SQLITE_CANTOPEN:
            return CollectionError(
                f"cannot open the collection in {folder}: its folder and its files must be there, and writable even "
                f"for searching; from a read-only disk, copy the folder to another one{outcome}"
            )
        case sqlite3.SQLITE_BUSY:
            return CollectionBusy(
                f"another process keeps the collection in {folder} for itself; wait until it has finished, then try "
                f"again{outcome}"
            )
    return CollectionError(f"cannot read or write the collection in {folder}: {error}{outcome}")


def _damage(folder: Path, error: sqlite3.DatabaseError) -> str:
    if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_CORRUPT_VTAB:
        return (
            f"the word index of the collection in {folder} is damaged; `lychee collection check {folder.name}` builds "
            "it again"
        )
    return (
        f"the collection in {folder} is damaged ({error}); drop it (`lychee collection drop {folder.name}`), then "
        "restore it from a backup or index again"
    )
