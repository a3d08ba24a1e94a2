"""A folder for as long as a process runs, and the end of those that killed processes left behind. Knows nothing of what
is in them."""

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_LOCK: Final = "held"  # locked by the kernel (flock), so that a killed process lets go of it too


@contextmanager
def held_folder(prefix: str) -> Iterator[Path]:
    """Below the system's folder for temporary files, for this user alone; gone when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    made = folder / f"{_LOCK}.new"
    descriptor = os.open(made, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        made.rename(folder / _LOCK)  # others see it locked or not at all
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def remove_left_behind(prefix: str) -> None:
    """Removes this user's folders that `held_folder` made and nobody holds any more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with suppress(OSError):  # another server may remove it too, or still hold it
            if _is_own(folder):
                _remove(folder)


def _is_own(folder: Path) -> bool:
    told = folder.lstat()
    return stat.S_ISDIR(told.st_mode) and stat.S_IMODE(told.st_mode) == 0o700 and told.st_uid == os.geteuid()


def _remove(folder: Path) -> None:
    """Raises BlockingIOError where it is held."""
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)
