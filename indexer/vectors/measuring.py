"""The recall of an index, measured on vectors that it was not trained on. Knows no index, only what it finds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import faiss
import numpy as np

from indexer.protocols import Keys, Vectors

DEPTH: Final = 100  # recall@100
_ROUNDING: Final = 1e-6  # of inner products of unit vectors in float32
_ERRORS: Final = 3.0  # standard errors that the measured recall must lie above a target

Read = Callable[[Keys], Vectors]
Search = Callable[[Vectors, int], tuple[Keys, Vectors]]


@dataclass(frozen=True, slots=True)
class Recall:
    """The share of the exact top 100 that is found. mean: over the queries. error: its standard error."""

    mean: float
    error: float

    def reaches(self, target: float) -> bool:
        """Whether it is at least `target` for queries in general, not only for those it was measured on."""
        return self.mean - _ERRORS * self.error >= target


class Examination:
    """Queries with their exact nearest neighbours, found while the vectors pass by once.

    A query is a vector of the collection itself; it is left out of its own neighbours.
    """

    def __init__(self, keys: Keys, queries: Vectors) -> None:
        """keys (q,) of the queries (q, d)."""
        self._own = keys
        self._queries = queries
        self._keys = np.full((len(keys), DEPTH + 1), -1, np.int64)  # best first, itself among them
        self._scores = np.full((len(keys), DEPTH + 1), -np.inf, np.float32)

    def pass_by(self, keys: Keys, vectors: Vectors) -> None:
        """keys (n,), vectors (n, d): the next of the collection; each must come once."""
        scores, rows = faiss.knn(self._queries, vectors, min(DEPTH + 1, len(keys)), metric=faiss.METRIC_INNER_PRODUCT)
        all_scores = np.hstack([self._scores, scores])
        order = np.argsort(-all_scores, axis=1, kind="stable")[:, : DEPTH + 1]
        self._scores = np.take_along_axis(all_scores, order, axis=1)
        self._keys = np.take_along_axis(np.hstack([self._keys, keys[rows]]), order, axis=1)

    def recall(self, search: Search, read: Read) -> Recall:
        """search(vectors (q, d), k) -> keys (q, k), scores: what is examined. read: the vectors of keys, ascending.

        Of vectors that are equally near, any is as good: a catalogue may hold the same picture a thousand times.
        """
        found, _ = search(self._queries, DEPTH + 1)
        ours = [_neighbours(row, own) for row, own in zip(found, self._own, strict=True)]
        exact = [_neighbours(row, own) for row, own in zip(self._keys, self._own, strict=True)]
        others = [np.setdiff1d(one, other) for one, other in zip(ours, exact, strict=True)]
        to_read = np.unique(np.concatenate(others))
        vectors = read(to_read) if len(to_read) else self._queries[:0]
        shares = np.empty(len(ours))
        for query, other in enumerate(others):
            farthest = self._scores[query][self._keys[query] != self._own[query]][DEPTH - 1]
            scores = vectors[np.searchsorted(to_read, other)] @ self._queries[query]
            as_near = (scores >= farthest - _ROUNDING).sum()
            shares[query] = (len(ours[query]) - len(other) + as_near) / DEPTH
        return Recall(float(shares.mean()), float(shares.std() / np.sqrt(len(shares))))


def _neighbours(keys: Keys, own: int) -> Keys:
    """The first 100 but for the query itself; keys (k,), best first."""
    neighbours: Keys = keys[(keys != own) & (keys >= 0)][:DEPTH]
    return neighbours
