"""From rows that hold words to the items they belong to: an item may have several rows and counts by its best one.
Knows nothing of how words are found."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

import numpy as np

from indexer.nearest import Found
from indexer.owners import Mask
from indexer.protocols import Channel, Keys
from indexer.store.items import ItemStore
from indexer.store.word_lookup import RowFilter

_AT_A_TIME: Final = 256  # rows


def rank_by_words(
    store: ItemStore, items_of: Callable[[Keys], Keys], query: str, k: int, side: Channel | None, allowed: Mask | None
) -> list[Found]:
    """The k best items, best first; `Found.key` is that of the passage, 0 where the row was of the item's metadata.

    items_of: the item number of each passage's key, -1 for none. side: only items with vectors in this channel.
    """
    found: dict[int, Found] = {}
    wanted = None if allowed is None else _rows_of(allowed, items_of)
    if wanted is not None and wanted.share == 0:
        return []

    def take(rows: Iterator[tuple[int, float]]) -> None:
        while len(found) < k and (some := list(islice(rows, _AT_A_TIME))):
            rowids = np.array([rowid for rowid, _ in some], np.int64)
            items = _owners(rowids, items_of)
            kept = items >= 0
            if side is not None:
                kept &= np.isin(items, list(store.having(side, np.unique(items[kept]).tolist())))
            for (rowid, score), item in zip(
                (one for one, keep in zip(some, kept, strict=True) if keep), items[kept].tolist(), strict=True
            ):
                found.setdefault(item, Found(item, max(rowid, 0), score))

    store.by_words(query, take, wanted)
    return list(found.values())[:k]


def _owners(rowids: Keys, items_of: Callable[[Keys], Keys]) -> Keys:
    return np.where(rowids < 0, -rowids, items_of(rowids))


def _rows_of(allowed: Mask, items_of: Callable[[Keys], Keys]) -> RowFilter:
    """The rows of items that pass a filter: chosen before they are counted: little would be left of common words."""
    share = float(allowed.mean()) if len(allowed) else 0.0
    return RowFilter(lambda rowids: _allowed(_owners(rowids, items_of), allowed), share)


def _allowed(items: Keys, mask: Mask) -> Mask:
    inside = (items >= 0) & (items < len(mask))
    return inside & mask[np.where(inside, items, 0)]
