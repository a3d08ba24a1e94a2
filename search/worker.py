"""The one thread that owns the device: calls are run on it one after another. Knows nothing of what they compute."""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import TypeVar

from content.errors import NotReady

T = TypeVar("T")

_CLOSED = "the models have been closed; open the engine or the service again"


class DeviceWorker:
    """Runs model calls one at a time, in the order in which they arrive, whatever thread they come from."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="device", initializer=self._remember_thread)
        self._thread: int | None = None

    def run(self, call: Callable[[], T]) -> T:
        """What `call` returns or raises; a call that fails fails its own caller only, the thread lives on.

        From the worker's own thread the call runs at once, so that calls may be nested.
        Raises NotReady after `close`.
        """
        if threading.get_ident() == self._thread:
            return call()
        try:
            future = self._executor.submit(call)
        except RuntimeError as error:
            raise NotReady(_CLOSED) from error
        try:
            return future.result()
        except CancelledError as error:
            raise NotReady(_CLOSED) from error
        except KeyboardInterrupt:
            future.cancel()
            raise

    def close(self) -> None:
        """Takes no more calls and drops those that have not begun. Does not wait for the one that runs."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _remember_thread(self) -> None:
        self._thread = threading.get_ident()
