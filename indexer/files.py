"""Files that are either whole or not there: written under a temporary name, flushed to disk, then renamed."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Yields a path to write to; what was written there takes the place of `path` when the block ends well.

    Raises OSError, and where a folder or a device is there: who may do anything would put a file in its place.
    The temporary name is always the same, so that what a killed process left behind is overwritten by the next.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EEXIST, "it is a folder or a device", str(path))
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        yield temporary
        flush(temporary)
        temporary.replace(path)
        flush(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Has a file, or the names in a folder, written to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
