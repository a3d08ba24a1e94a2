"""Which item each vector of a channel belongs to. Knows nothing of which of them are still there."""

import numpy as np
from numpy.typing import NDArray

from indexer.protocols import Keys

Mask = NDArray[np.bool_]  # over item numbers: whether the item with that number is meant
_ROOM = 1024


class Owners:
    """key -> number of its item, for keys that come in ascending order; 16 bytes each."""

    def __init__(self, keys: Keys, items: Keys) -> None:
        """keys (n,) ascending; items (n,)."""
        self._keys, self._items, self._length = keys, items, len(keys)

    def __len__(self) -> int:
        return self._length

    @property
    def keys(self) -> Keys:
        """(n,) ascending."""
        return self._keys[: self._length]

    @property
    def items(self) -> Keys:
        """(n,), in the order of `keys`."""
        return self._items[: self._length]

    def add(self, keys: Keys, items: Keys) -> None:
        """keys (m,) ascending, all greater than those that are there."""
        length = self._length + len(keys)
        if length > len(self._keys):
            room = max(length + length // 16, _ROOM)
            self._keys, self._items = _grown(self.keys, room), _grown(self.items, room)
        self._keys[self._length : length] = keys
        self._items[self._length : length] = items
        self._length = length

    def of(self, keys: Keys) -> Keys:
        """The item of each key, in any order; -1 for a key that never was."""
        if self._length == 0:
            return np.full(len(keys), -1, np.int64)
        places = np.minimum(np.searchsorted(self.keys, keys), self._length - 1)
        return np.where(self.keys[places] == keys, self.items[places], -1)

    def keys_of(self, mask: Mask) -> Keys:
        """The keys of the items that the mask means, ascending; items behind its end are not meant."""
        items = self.items
        inside = items < len(mask)
        if inside.all():
            return self.keys[mask[items]]
        return self.keys[inside][mask[items[inside]]]


def _grown(array: Keys, room: int) -> Keys:
    larger = np.empty(room, np.int64)
    larger[: len(array)] = array
    return larger
