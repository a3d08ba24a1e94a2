"""Names to addresses, by the system's resolver, within a deadline. Judges no address."""

import socket
from collections.abc import Callable
from concurrent.futures import Future
from ipaddress import ip_address
from threading import BoundedSemaphore, Thread
from typing import Final

from content.fetching.addresses import Address
from content.fetching.deadline import Deadline

Resolve = Callable[[str, Deadline], list[Address]]
"""All addresses of a name, none where there is no such name. Raises UrlFailed when they do not come in time."""

_THREADS: Final = 16


class SystemResolver:
    """A `Resolve`. The system's call cannot be interrupted, so each runs on a thread that may outlive its caller; no
    more than a few do at a time, and none keeps the process from ending."""

    def __init__(self, threads: int = _THREADS) -> None:
        self._free = BoundedSemaphore(threads)

    def __call__(self, host: str, deadline: Deadline) -> list[Address]:
        if not self._free.acquire(timeout=deadline.left()):
            raise deadline.missed()
        answer: Future[list[Address]] = Future()
        Thread(target=self._look_up, args=(host, answer), name="image-url-names", daemon=True).start()
        try:
            return answer.result(timeout=deadline.left())
        except TimeoutError:
            raise deadline.missed() from None

    def _look_up(self, host: str, answer: "Future[list[Address]]") -> None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            answer.set_result([ip_address(place[0]) for *_, place in found])
        except (OSError, ValueError):  # no such name, no server to ask, or a name that is none
            answer.set_result([])
        finally:
            self._free.release()
