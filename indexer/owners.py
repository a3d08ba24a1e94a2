"""Which item each vector of a channel belongs to. Knows nothing of which of them are still there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.protocols import Keys

Mask = NDArray[np.bool_]  # over item numbers: whether the item with that number is meant
_ROOM = 1024


class Owners:
    """key -> number of its item, for keys that come in ascending order; 16 bytes each.

    What it begins with, which may be a file in memory and shared between processes, is never copied.
    """

    def __init__(self, keys: Keys, items: Keys) -> None:
        """keys (n,) ascending; items (n,)."""
        self._first = _Part(keys, items, len(keys))
        self._later = _Part.empty()

    def __len__(self) -> int:
        return self._first.length + self._later.length

    def add(self, keys: Keys, items: Keys) -> None:
        """keys (m,) ascending, all greater than those that are there."""
        self._later = self._later.with_more(keys, items)

    @property
    def later(self) -> int:
        """How many were added."""
        return self._later.length

    def keep(self, keys: Keys) -> None:
        """Forgets those that were added, but for `keys` (m,)."""
        kept = np.sort(keys)
        self._later = _Part(np.empty(_ROOM, np.int64), np.empty(_ROOM, np.int64), 0).with_more(
            kept, self._later.of(kept)
        )

    def of(self, keys: Keys) -> Keys:
        """The item of each key, in any order; -1 for a key that never was."""
        return np.maximum(self._first.of(keys), self._later.of(keys))

    def keys_of(self, mask: Mask) -> Keys:
        """The keys of the items that the mask means, ascending; items behind its end are not meant."""
        return np.concatenate([self._first.keys_of(mask), self._later.keys_of(mask)])


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The first `length` of both arrays count; the rest is room."""

    keys: Keys
    items: Keys
    length: int

    @classmethod
    def empty(cls) -> "_Part":
        return cls(np.empty(_ROOM, np.int64), np.empty(_ROOM, np.int64), 0)

    def with_more(self, keys: Keys, items: Keys) -> "_Part":
        length = self.length + len(keys)
        room = max(length + length // 4, _ROOM)
        grown = self if length <= len(self.keys) else _Part(_grown(self.keys, room), _grown(self.items, room), length)
        grown.keys[self.length : length] = keys
        grown.items[self.length : length] = items
        return _Part(grown.keys, grown.items, length)

    def of(self, keys: Keys) -> Keys:
        if self.length == 0:
            return np.full(len(keys), -1, np.int64)
        places = np.minimum(np.searchsorted(self.keys[: self.length], keys), self.length - 1)
        return np.where(self.keys[places] == keys, self.items[places], -1)

    def keys_of(self, mask: Mask) -> Keys:
        keys, items = self.keys[: self.length], self.items[: self.length]
        inside = items < len(mask)
        if inside.all():
            return keys[mask[items]]
        return keys[inside][mask[items[inside]]]


def _grown(array: Keys, room: int) -> Keys:
    larger = np.empty(room, np.int64)
    larger[: len(array)] = array
    return larger
