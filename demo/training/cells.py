"""What each of the 16 squares of a picture shows, as numbers: what the vision tower is taught first. Knows no model."""

import numpy as np
from numpy.typing import NDArray

from demo.catalogue import picture
from demo.catalogue.item import CatalogueItem
from demo.training.slots import SIZES, Slots

_ACROSS = 4
_SIDE = picture.SIDE // _ACROSS
CELL_SIZES: tuple[int, ...] = (*SIZES[:4], 3, *SIZES[8:])
"""Values per square: shape, colour, pattern and count of the group that stands there (the last of each: none), which
group it is (the last: none), relation, background."""


def cells(items: list[CatalogueItem], rows: Slots) -> NDArray[np.int64]:
    """(n, 16, 7)."""
    return np.stack([_cells(item, row) for item, row in zip(items, rows, strict=True)])


def _cells(item: CatalogueItem, row: NDArray[np.int64]) -> NDArray[np.int64]:
    covered = np.zeros((3, _ACROSS, _ACROSS))  # pixels of a square that each group covers, and a threshold
    for place in picture.places(item.scene, item.id):
        covered[place.group] += _overlap(place.y, place.side)[:, None] * _overlap(place.x, place.side)[None, :]
    covered[2] = 0.2 * _SIDE * _SIDE
    which = covered.argmax(0).ravel()  # (16,)
    groups = np.stack([row[0:4], row[4:8], np.array(SIZES[:4]) - 1])  # (3, 4)
    common = np.broadcast_to(row[8:], (_ACROSS * _ACROSS, 2))
    return np.concatenate([groups[which], which[:, None], common], axis=1)


def _overlap(centre: float, side: int) -> NDArray[np.float64]:
    """(4,): how far a product's inner part reaches into each row (or column) of squares, in pixels."""
    edges = np.arange(_ACROSS) * _SIDE
    low, high = centre - 0.42 * side, centre + 0.42 * side
    inside: NDArray[np.float64] = np.clip(np.minimum(high, edges + _SIDE) - np.maximum(low, edges), 0, None)
    return inside
