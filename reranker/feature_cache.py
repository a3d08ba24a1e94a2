"""The picture cache: memory in front of a file, and the count of what each of them saved. Knows no model."""

import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from torch import Tensor

from reranker.feature_file import FileFeatures
from reranker.feature_memory import MemoryFeatures, own

_WAITING_BYTES: Final = 256 * 2**20  # features on their way to the file; beyond this they stay in memory only


@dataclass(frozen=True, slots=True)
class CacheCounts:
    """Since the start: pictures found in memory, found on disk, found nowhere. Now: how many pictures are kept, and the
    bytes they take. not_written: pictures that did not reach the disk, which was too slow for them."""

    memory_hits: int
    disk_hits: int
    misses: int
    memory_pictures: int
    memory_bytes: int
    disk_pictures: int
    disk_bytes: int
    not_written: int


class FeatureCache:
    """A FeatureStore in memory, and behind it in a file where one is given; closing it closes the file.

    What is found in the file moves into memory. A thread of its own writes into the file; what comes faster than it can
    write stays in memory only. filling: for a cache that is filled on purpose: `put` waits for the file, and no picture
    is given up that was used since the cache was made; instead `is_full` tells that there is no more room.
    """

    def __init__(self, memory: MemoryFeatures, *, filling: bool = False) -> None:
        self._memory = memory
        self._filling = filling
        self._spare_since = time.time() if filling else math.inf
        self._full = False
        self._file: FileFeatures | None = None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="picture-cache")
        self._room = threading.Condition()
        self._waiting_bytes = self._memory_hits = self._disk_hits = self._misses = self._not_written = 0

    def keep_on_disk(self, file: FileFeatures) -> None:
        """Puts a file behind the memory. It comes later than the rest because it is named by the model, which is itself
        made with its cache."""
        self._file = file

    def get(self, key: bytes) -> Tensor | None:
        file = self._file
        features = self._memory.get(key)
        in_memory = features is not None
        if features is None and file is not None:
            features = file.get(key)
            if features is not None:
                self._memory.keep(key, features)
        elif file is not None:
            file.note_use(key)
        with self._room:
            self._memory_hits += in_memory
            self._disk_hits += features is not None and not in_memory
            self._misses += features is None
        return features

    def put(self, key: bytes, features: Tensor) -> None:
        file = self._file
        if file is None:
            self._memory.put(key, features)
            return
        copy = own(features)
        self._memory.keep(key, copy)
        with self._room:
            if self._filling:
                self._room.wait_for(lambda: self._has_room(copy) or self._file is None)
            if self._file is None:  # closed meanwhile
                return
            if not self._has_room(copy):
                self._not_written += 1
                return
            self._waiting_bytes += copy.nbytes
            self._writer.submit(self._write, file, key, copy)

    @property
    def on_disk(self) -> bool:
        """Whether there is a file that keeps what it is given."""
        file = self._file
        return file is not None and file.is_open

    @property
    def is_full(self) -> bool:
        """Whether a picture found no room in the file."""
        return self._full

    @property
    def counts(self) -> CacheCounts:
        file = self._file
        return CacheCounts(
            memory_hits=self._memory_hits,
            disk_hits=self._disk_hits,
            misses=self._misses,
            memory_pictures=len(self._memory),
            memory_bytes=self._memory.nbytes,
            disk_pictures=0 if file is None else len(file),
            disk_bytes=0 if file is None else file.nbytes,
            not_written=self._not_written,
        )

    def flush(self) -> None:
        """Returns when all that was put is in the file."""
        with self._room:
            self._room.wait_for(lambda: self._waiting_bytes == 0)

    def close(self) -> None:
        """Writes what waits to be written and closes the file; the memory goes on. Calling it twice is harmless."""
        with self._room:
            file, self._file = self._file, None
            self._room.notify_all()
        self._writer.shutdown()
        if file is not None:
            file.close()

    def _write(self, file: FileFeatures, key: bytes, features: Tensor) -> None:
        try:
            if not file.keep(key, features, self._spare_since):
                self._full = True
        finally:
            with self._room:
                self._waiting_bytes -= features.nbytes
                self._room.notify_all()

    def _has_room(self, features: Tensor) -> bool:
        return self._waiting_bytes == 0 or self._waiting_bytes + features.nbytes <= _WAITING_BYTES
