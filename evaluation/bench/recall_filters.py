"""Filters that keep a wanted share of the pool, each met for the first time. Knows them as JSON and as plain columns,
not how they are evaluated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from evaluation.bench.recall_pool import DEAREST, IN_STOCK, Columns

SHARES: Final = (0.5, 0.05, 0.005, 0.0001)
_SPREAD: Final = 0.02  # by which thresholds differ, so that none is remembered
_RANDOM: Final = 4  # a stream of random numbers


@dataclass(frozen=True, slots=True)
class Below:
    """{"share": {"$lt": threshold}}"""

    threshold: float

    @property
    def json(self) -> Mapping[str, object]:
        return {"share": {"$lt": self.threshold}}

    def mask(self, columns: Columns, start: int, stop: int) -> NDArray[np.bool_]:
        """(stop - start,): which of these rows pass."""
        return columns.share[start:stop] < self.threshold


@dataclass(frozen=True, slots=True)
class InStockUnder:
    """{"stock": {"$gt": none}, "price": {"$lt": threshold}}; none: in [0, 1), so that it means 0 and yet neither
    condition was met before."""

    none: float
    threshold: float

    @property
    def json(self) -> Mapping[str, object]:
        return {"stock": {"$gt": self.none}, "price": {"$lt": self.threshold}}

    def mask(self, columns: Columns, start: int, stop: int) -> NDArray[np.bool_]:
        """(stop - start,): which of these rows pass."""
        return (columns.stock[start:stop] > self.none) & (columns.price[start:stop] < self.threshold)


Narrow = Below | InStockUnder


@dataclass(frozen=True, slots=True)
class Family:
    """Filters of one form that keep about as much. share: of the items, as wanted."""

    form: str
    share: float
    filters: tuple[Narrow, ...]


def families(count: int, seed: int) -> list[Family]:
    """Of both forms and all shares, `count` filters each, all different."""
    random = np.random.default_rng([seed, _RANDOM])
    found = []
    for share in SHARES:
        one, two = share * (1 + _SPREAD * (random.random((2, count)) - 0.5))
        found.append(Family("one condition", share, tuple(Below(float(limit)) for limit in one)))
        prices = two * (DEAREST / IN_STOCK)
        both = zip(random.random(count), prices, strict=True)
        found.append(
            Family("two conditions", share, tuple(InStockUnder(float(none), float(price)) for none, price in both))
        )
    return found
