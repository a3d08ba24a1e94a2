"""Features of pictures in memory, the most recently used ones. Knows no model."""

import threading
from collections import OrderedDict

import torch
from torch import Tensor


class MemoryFeatures:
    """A FeatureStore that holds at most `max_bytes` of features and forgets the least recently used first.

    What alone is larger than that is not kept; 0 keeps nothing.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._kept: OrderedDict[bytes, Tensor] = OrderedDict()  # least recently used first
        self._nbytes = 0
        self._lock = threading.Lock()

    def get(self, key: bytes) -> Tensor | None:
        with self._lock:
            features = self._kept.get(key)
            if features is not None:
                self._kept.move_to_end(key)
            return features

    def put(self, key: bytes, features: Tensor) -> None:
        if features.nbytes <= self.max_bytes:
            self.keep(key, own(features))

    def keep(self, key: bytes, features: Tensor) -> None:
        """As `put`, for features that are the store's from now on: nothing is copied."""
        if features.nbytes > self.max_bytes:
            return
        with self._lock:
            before = self._kept.pop(key, None)
            self._nbytes += features.nbytes - (0 if before is None else before.nbytes)
            self._kept[key] = features
            while self._nbytes > self.max_bytes:
                self._nbytes -= self._kept.popitem(last=False)[1].nbytes

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def nbytes(self) -> int:
        """What is held now."""
        return self._nbytes


def own(features: Tensor) -> Tensor:
    """A copy with memory of its own: a row of a batch would keep the whole batch in memory."""
    return features.detach().clone(memory_format=torch.contiguous_format)
