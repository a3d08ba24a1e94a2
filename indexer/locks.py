"""Who may touch a collection at the same time: many readers or one writer among threads, one writer among processes.
Knows nothing of what is read or written."""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from content.errors import CollectionBusy, CollectionError


class ReadWriteLock:
    """Any number of readers or one writer. A waiting writer goes before later readers, so it never starves."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._readers = 0
        self._writers_waiting = 0
        self._writing = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: not self._writing and not self._writers_waiting)
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._changed:
            self._writers_waiting += 1
            try:
                self._changed.wait_for(lambda: not self._writing and not self._readers)
                self._writing = True
            finally:
                self._writers_waiting -= 1
                self._changed.notify_all()  # who waits behind this one, if it was interrupted
        try:
            yield
        finally:
            with self._changed:
                self._writing = False
                self._changed.notify_all()


class ProcessLock:
    """Makes this process the only one that does something. Held as often as wanted; let go when the last holder leaves.

    doing: what, in words that go before the folder's name. The lock is the kernel's (flock), so that a killed process
    lets go of it too.
    """

    def __init__(self, path: Path, doing: str = "writing to", patience_s: float = 10.0) -> None:
        self._path = path
        self._doing = doing
        self._patience_s = patience_s
        self._mutex = threading.Lock()
        self._holders = 0
        self._descriptor = -1

    @contextmanager
    def held(self, patience_s: float | None = None) -> Iterator[None]:
        """Raises CollectionBusy when another process still does it after the time of patience."""
        with self._mutex:
            if self._holders == 0:
                self._descriptor = self._acquire(self._patience_s if patience_s is None else patience_s)
            self._holders += 1
        try:
            yield
        finally:
            with self._mutex:
                self._holders -= 1
                if self._holders == 0:
                    os.close(self._descriptor)

    def _acquire(self, patience_s: float) -> int:
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise CollectionError(f"cannot write to {self._path.parent}: {error.strerror}") from error
        deadline = time.monotonic() + patience_s
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() < deadline:
                    time.sleep(0.02)
                    continue
                os.close(descriptor)
                raise CollectionBusy(
                    f"another process is {self._doing} {self._path.parent}; wait until it has finished, then try again"
                ) from None
            return descriptor
