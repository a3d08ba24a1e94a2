"""Which items pass a filter, remembered until something is written. Knows nothing of how a filter is evaluated."""

import threading
from collections import OrderedDict
from typing import Final

from indexer.filters import Filter, matching_items
from indexer.owners import Mask
from indexer.store.items import ItemStore

_KEPT: Final = 16  # masks of one byte an item


class AllowedItems:
    """Masks over item numbers; the most recently used are kept. Safe to use from several threads."""

    def __init__(self, store: ItemStore) -> None:
        self._store = store
        self._version = -1
        self._masks: OrderedDict[Filter, Mask] = OrderedDict()
        self._lock = threading.Lock()

    def mask(self, wanted: Filter | None) -> Mask | None:
        """(highest number + 1,) bool, not to be changed; None where there is no filter, so that all items pass."""
        if wanted is None:
            return None
        version = self._store.version()
        with self._lock:
            if version != self._version:
                self._version = version
                self._masks.clear()
            if wanted in self._masks:
                self._masks.move_to_end(wanted)
                return self._masks[wanted]
        mask = self._store.chosen(lambda connection, highest: matching_items(connection, wanted, highest))
        with self._lock:
            if version == self._version:
                self._masks[wanted] = mask
                while len(self._masks) > _KEPT:
                    self._masks.popitem(last=False)
        return mask
