"""The exact nearest vectors by plain products, which no index had a hand in: what recall is measured against."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from evaluation.bench.recall_pool import Rows, spans
from indexer.protocols import Vectors

_CHUNK: Final = 16_384
NONE: Final = -1  # where there are fewer rows than asked for

Allowed = Callable[[int, int], NDArray[np.bool_]]


def exact_top(vectors: Vectors, queries: Vectors, k: int, allowed: Allowed | None = None) -> Rows:
    """(q, k): of each query (q, d) the rows of `vectors` (n, d) with the greatest inner products, best first.

    allowed: of rows [start, stop), (q, stop - start), whether each query may find them.
    """
    rows = np.full((len(queries), k), NONE, np.int64)
    scores = np.full((len(queries), k), -np.inf, np.float32)
    for start, stop in spans(len(vectors), _CHUNK):
        here = queries @ vectors[start:stop].T  # (q, chunk)
        if allowed is not None:
            here[~allowed(start, stop)] = -np.inf
        numbers = np.broadcast_to(np.arange(start, stop), here.shape)
        rows, scores = _best(np.hstack([rows, numbers]), np.hstack([scores, here]), k)
    rows[np.isneginf(scores)] = NONE
    return rows


def recall(found: Rows, exact: Rows) -> float:
    """The share of `exact` (q, k) that is in the same row of `found` (q, k), over all queries; 1 where there is nothing
    to find."""
    wanted = exact != NONE
    there = [np.isin(one, other) for one, other in zip(exact, found, strict=True)]
    return float((np.array(there) & wanted).sum() / wanted.sum()) if wanted.any() else 1.0


def _best(rows: Rows, scores: Vectors, k: int) -> tuple[Rows, Vectors]:
    chosen = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    order = np.take_along_axis(chosen, np.argsort(-np.take_along_axis(scores, chosen, 1), axis=1, kind="stable"), 1)
    return np.take_along_axis(rows, order, 1), np.take_along_axis(scores, order, 1)
