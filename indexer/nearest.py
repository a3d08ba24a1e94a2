"""From the nearest vectors to the nearest items: an item may have several vectors and counts by its best one."""

from collections.abc import Callable

import numpy as np

from indexer.protocols import Keys, VectorIndex, Vectors

Owners = Callable[[Keys], dict[int, str]]
Ranking = list[tuple[str, float]]


def nearest_items(index: VectorIndex, owners: Owners, vectors: Vectors, k: int) -> list[Ranking]:
    """For each row of `vectors` (n, d) the k best (id, inner product), best first; fewer where there are fewer items.

    owners: the item id of each key; keys without an owner are passed over. Where several vectors of one item fill the
    list, the search is made again, wider, until k items are found or the index is exhausted.
    """
    rankings: list[Ranking] = [[] for _ in vectors]
    open_rows = np.arange(len(vectors))
    width = k
    while len(open_rows) and len(index):
        width = min(width, len(index))
        keys, scores = index.search(vectors[open_rows], width)  # (rows, width)
        ids = owners(np.unique(keys[keys >= 0]))
        for row, row_keys, row_scores in zip(open_rows, keys, scores, strict=True):
            rankings[row] = _best_per_item(row_keys, row_scores, ids)[:k]
        if width == len(index):
            break
        open_rows = np.array([row for row in open_rows if len(rankings[row]) < k], np.int64)
        width *= 4
    return rankings


def _best_per_item(keys: Keys, scores: Vectors, ids: dict[int, str]) -> Ranking:
    best: dict[str, float] = {}
    for key, score in zip(keys.tolist(), scores.tolist(), strict=True):
        item_id = ids.get(key)
        if item_id is not None:
            best.setdefault(item_id, score)
    return list(best.items())
