"""Work that several threads want at once, done once. Knows nothing of the work."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock


class SingleFlight:
    """Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._flights: dict[str, Future[bytes]] = {}

    def share(self, key: str, work: Callable[[], bytes], wait_s: float) -> bytes:
        """What `work` returns, or raises, for whoever asks for the same key before it is done.

        wait_s: seconds to wait for another thread's work. Raises TimeoutError after that.
        """
        with self._lock:
            flight = self._flights.get(key)
            if flight is None:
                own = self._flights[key] = Future()
        if flight is not None:
            return flight.result(wait_s)
        try:
            result = work()
        except BaseException as error:  # whatever it is, others wait for it
            self._land(key)
            own.set_exception(error)
            raise
        self._land(key)
        own.set_result(result)
        return result

    def _land(self, key: str) -> None:
        with self._lock:
            del self._flights[key]
