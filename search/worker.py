"""The one thread that owns the device: calls are run on it one after another. Knows nothing of what they compute."""

from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import TypeVar

from content.errors import NotReady

T = TypeVar("T")

_CLOSED = "the models have been closed; open the engine or the service again"


class DeviceWorker:
    """Runs model calls one at a time, in the order in which they arrive, whatever thread they come from."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="device")

    def run(self, call: Callable[[], T]) -> T:
        """What `call` returns or raises; a call that fails fails its own caller only, the thread lives on.

        Raises NotReady after `close`.
        """
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
