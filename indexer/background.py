"""The one thread that brings a collection's indexes into order while everything else goes on. Knows nothing of what it
does."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Final

from content.errors import CollectionClosed, CollectionError
from indexer.base import Reached

_REST_S: Final = 300.0
_log = logging.getLogger(__name__)

Work = Callable[[], None]


class Background:
    """Work is done one after the other; safe to use from several threads. name: the collection's, for messages."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._executor = ThreadPoolExecutor(1, "settle")
        self._lock = threading.Lock()
        self._soon: Future[None] | None = None
        self._closing = False
        self._hurry = threading.Event()  # somebody waits for the thread
        self._rests_until = 0.0  # on the monotonic clock

    def soon(self, work: Work, wait_s: Callable[[], float]) -> None:
        """Has `work` done after a while, unless some waits already. wait_s: how long yet; asked until it is 0 or less.

        What it raises is in the log, for nobody waits for it; a CollectionError is followed by a `rest`.
        """
        with self._lock:
            resting = time.monotonic() < self._rests_until
            if not self._closing and not resting and (self._soon is None or self._soon.done()):
                self._soon = self._executor.submit(self._quietly, work, wait_s)

    def in_turn(self, work: Work) -> None:
        """Has `work` done after what is done now, and waits for it. Raises what it raises, and CollectionClosed."""
        with self._lock:
            if self._closing:
                raise self._closed()
            done = self._executor.submit(work)
        self._hurry.set()
        try:
            done.result()
        except CancelledError as error:
            raise self._closed() from error
        finally:
            self._hurry.clear()

    def rest(self) -> None:
        """Nothing is done `soon` for five minutes: what has just failed would fail again."""
        self._rests_until = time.monotonic() + _REST_S

    def unless_closing(self, reached: Reached) -> Reached:
        """Tells of progress, and stops the work by CollectionClosed when this is being closed."""

        def go_on(share: float) -> None:
            if self._closing:
                raise self._closed()
            reached(share)

        return go_on

    def close(self) -> None:
        """Waits for the work that is being done, which `unless_closing` cuts short."""
        with self._lock:
            self._closing = True
            self._hurry.set()
        self._executor.shutdown(cancel_futures=True)

    def _quietly(self, work: Work, wait_s: Callable[[], float]) -> None:
        try:
            while (left := wait_s()) > 0 and not self._hurry.wait(left):
                pass
            work()
        except CollectionClosed:
            return
        except CollectionError as error:
            self.rest()
            _log.warning("%s; the search goes on with the index as it was", error.message)
        except Exception:  # noqa: BLE001  # nobody waits for this thread: whatever it was, it is in the log
            _log.exception("the index of %s could not be brought into order", self._name)

    def _closed(self) -> CollectionClosed:
        return CollectionClosed(f"the collection {self._name} has been closed or removed meanwhile")
