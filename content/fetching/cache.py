"""Pictures that were fetched by URL, in memory, for a while. Knows nothing of fetching."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from time import monotonic


@dataclass(frozen=True, slots=True)
class UrlCounts:
    """Since the start: how often a URL was found, and how often not. Now: the bytes that are kept."""

    hits: int
    misses: int
    bytes: int


class UrlCache:
    """Forgets what is out of date, and the least recently used where there is no room. Safe to use from many threads.

    capacity: bytes of all URLs and pictures together.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._used = 0
        self._kept: OrderedDict[str, tuple[bytes, float]] = OrderedDict()  # the picture, and until when
        self._hits = self._misses = 0
        self._lock = Lock()

    @property
    def counts(self) -> UrlCounts:
        return UrlCounts(self._hits, self._misses, self._used)

    def get(self, url: str) -> bytes | None:
        with self._lock:
            data = self._fresh(url)
            self._hits += data is not None
            self._misses += data is None
            return data

    def put(self, url: str, data: bytes, seconds: float) -> None:
        if seconds <= 0 or len(url) + len(data) > self._capacity:
            return
        with self._lock:
            if url in self._kept:
                self._forget(url)
            self._kept[url] = (data, monotonic() + seconds)
            self._used += len(url) + len(data)
            while self._used > self._capacity:
                self._forget(next(iter(self._kept)))

    def _fresh(self, url: str) -> bytes | None:
        found = self._kept.get(url)
        if found is None:
            return None
        data, until = found
        if until <= monotonic():
            self._forget(url)
            return None
        self._kept.move_to_end(url)
        return data

    def _forget(self, url: str) -> None:
        data, _ = self._kept.pop(url)
        self._used -= len(url) + len(data)
