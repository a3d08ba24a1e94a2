"""A vector index that changes: a base that does not, what came since, and what is gone of the base. Knows nothing of
files or of when a new base is built."""

from dataclasses import dataclass
from math import ceil, sqrt
from typing import Final

import numpy as np

from indexer.protocols import Keys, Vectors
from indexer.vectors.codes import RowMask
from indexer.vectors.exact import ExactIndex
from indexer.vectors.quantized import QuantizedIndex
from indexer.vectors.threads import threads_for

_MORE: Final = 100  # asked for in place of the dead, at most, or k if that is more
_OVERDUE: Final = 4
_MANY: Final = 0.3  # the share of rows inside from which on it is faster to ask all rows for more


class LiveIndex:
    """Search by inner product under int64 keys, nearly exact in the base and exact in what is fresh.

    Searches may run side by side; adding and removing needs the index alone, which the caller sees to.
    """

    def __init__(self, dimension: int, base: QuantizedIndex | None = None) -> None:
        if base is not None and base.dimension != dimension:
            raise ValueError(f"a base of dimension {base.dimension} for vectors of dimension {dimension}")
        self._base = base
        self._fresh = ExactIndex(dimension)
        self._alive: RowMask | None = None  # rows of the base; None: all of them
        self._dead = 0

    def __len__(self) -> int:
        return self._living + len(self._fresh)

    @property
    def dimension(self) -> int:
        return self._fresh.dimension

    @property
    def base(self) -> QuantizedIndex | None:
        return self._base

    @property
    def fresh(self) -> int:
        """How many vectors are not in the base."""
        return len(self._fresh)

    @property
    def dead(self) -> int:
        """How many vectors of the base are removed."""
        return self._dead

    def keys(self) -> Keys:
        """All keys (n,), in no particular order."""
        if self._base is None:
            return self._fresh.keys()
        base = self._base.keys()
        return np.concatenate([base if self._alive is None else base[self._alive], self._fresh.keys()])

    def fresh_keys(self) -> Keys:
        """Those (m,) that are not in the base, in no particular order."""
        return self._fresh.keys()

    def add(self, keys: Keys, vectors: Vectors) -> None:
        """keys (n,) new to the index, vectors (n, d). Raises ValueError for other shapes and for keys in the index."""
        if self._base is not None and len(self._living_rows(self._base, keys)):
            raise ValueError("a key is in the index already")
        self._fresh.add(keys, vectors)

    def remove(self, keys: Keys) -> None:
        """Keys that are not in the index are passed over."""
        self._fresh.remove(keys)
        if self._base is None:
            return
        rows = self._living_rows(self._base, np.unique(keys))
        if len(rows):
            if self._alive is None:
                self._alive = np.ones(len(self._base), np.bool_)
            self._alive[rows] = False
            self._dead += len(rows)

    def search(self, vectors: Vectors, k: int, allowed: Keys | None = None) -> tuple[Keys, Vectors]:
        """vectors (n, d) -> keys (n, k), inner products (n, k), best first; (-1, -inf) where there are fewer than k.

        allowed: ascending; may hold many keys that are not in the index.
        """
        with threads_for(len(vectors)):
            return self._searched(vectors, k, allowed)

    def _searched(self, vectors: Vectors, k: int, allowed: Keys | None) -> tuple[Keys, Vectors]:
        fresh = self._fresh.search(vectors, k, allowed)
        if self._base is None or self._living == 0:
            return fresh
        inside = self._alive
        if allowed is not None:
            inside = self._base.inside(allowed)
            inside = inside if self._alive is None else inside & self._alive
        base = self._search_base(self._base, vectors, k, inside)
        return base if len(self._fresh) == 0 else _merged(base, fresh, k)

    @property
    def _living(self) -> int:
        return 0 if self._base is None else len(self._base) - self._dead

    def _living_rows(self, base: QuantizedIndex, keys: Keys) -> Keys:
        rows = base.rows(keys)
        return rows if self._alive is None else rows[self._alive[rows]]

    def _search_base(
        self, base: QuantizedIndex, vectors: Vectors, k: int, inside: RowMask | None
    ) -> tuple[Keys, Vectors]:
        """Among the rows that are `inside`. Where they are many, asks all rows for more than k, which is several times
        faster than to look closely at each of them; where that leaves too few, does so all the same."""
        if inside is None:
            return base.search(vectors, k)
        count = int(np.count_nonzero(inside))
        if count < _MANY * len(base):
            return base.search_rows(vectors, k, inside)
        found, scores = base.search(vectors, _width(k, count / len(base), len(base) - count))
        kept = inside[np.minimum(np.searchsorted(base.keys(), found), len(base) - 1)] & (found >= 0)
        keys, scores = _best(np.where(kept, found, -1), np.where(kept, scores, np.float32(-np.inf)), k)
        short = (keys < 0).any(axis=1)
        if short.any():
            keys[short], scores[short] = base.search_rows(vectors[short], k, inside)
        return keys, scores


@dataclass(frozen=True, slots=True)
class IndexPolicy:
    """When an index has a base, and how good that has to be.

    exact_up_to: so many vectors are searched exactly. target: the recall@100 of a base.
    """

    exact_up_to: int = 50_000
    target: float = 0.99

    def wants_base(self, live: LiveIndex) -> bool:
        """Whether a base should be built: over all that is in `live`, in place of the one it has."""
        return live.fresh + live.dead > self._most_beside(live)

    def is_overdue(self, live: LiveIndex) -> bool:
        """Whether that should not wait until less is written."""
        return live.fresh + live.dead > _OVERDUE * self._most_beside(live)

    def _most_beside(self, live: LiveIndex) -> int:
        if live.base is None:
            return self.exact_up_to
        return max(self.exact_up_to // 2, len(live.base) // 20)


def _width(k: int, share: float, outside: int) -> int:
    """How many rows to ask for, that k of them be inside: as many as chance would need three standard deviations out;
    and a few more, as the rows that are outside may lie together."""
    by_chance = (k + 3 * sqrt(k * (1 - share))) / share
    return ceil(max(by_chance, k + min(outside, max(k, _MORE))))


def _merged(one: tuple[Keys, Vectors], other: tuple[Keys, Vectors], k: int) -> tuple[Keys, Vectors]:
    return _best(np.hstack([one[0], other[0]]), np.hstack([one[1], other[1]]), k)


def _best(keys: Keys, scores: Vectors, k: int) -> tuple[Keys, Vectors]:
    """The first k of each row, best first."""
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(keys, order, axis=1), np.take_along_axis(scores, order, axis=1)
