"""From the nearest vectors to the nearest items: an item may have several vectors and counts by its best one."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from indexer.protocols import Keys, VectorIndex, Vectors

Owners = Callable[[Keys], Keys]


@dataclass(frozen=True, slots=True)
class Found:
    """An item that a channel found. item: its number. key: that of its best vector. score: inner product."""

    item: int
    key: int
    score: float


def nearest_items(
    index: VectorIndex, owners: Owners, vectors: Vectors, k: int, allowed: Keys | None = None
) -> list[list[Found]]:
    """For each row of `vectors` (n, d) the k best items, best first; fewer where there are fewer items.

    owners: the item number of each key, -1 for none; such keys are passed over. allowed: the keys (m,), ascending,
    that may be found. Where several vectors of one item fill the list, the search is made again, wider, until k items
    are found or the index is exhausted.
    """
    rankings: list[list[Found]] = [[] for _ in vectors]
    open_rows = np.arange(len(vectors))
    most = len(index) if allowed is None else min(len(index), len(allowed))
    width = k
    while len(open_rows) and most:
        width = min(width, most)
        keys, scores = index.search(vectors[open_rows], width, allowed)  # (rows, width)
        for row, row_keys, row_scores in zip(open_rows, keys, scores, strict=True):
            rankings[row] = _best_per_item(row_keys, row_scores, owners(row_keys))[:k]
        if width == most:
            break
        open_rows = np.array([row for row in open_rows if len(rankings[row]) < k], np.int64)
        width *= 4
    return rankings


def _best_per_item(keys: Keys, scores: Vectors, items: Keys) -> list[Found]:
    best: dict[int, Found] = {}
    for key, score, item in zip(keys.tolist(), scores.tolist(), items.tolist(), strict=True):
        if key >= 0 and item >= 0 and item not in best:
            best[item] = Found(item, key, score)
    return list(best.values())
