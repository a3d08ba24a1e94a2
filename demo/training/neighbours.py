"""Scenes that a pooled vector takes for each other: the same shapes and colours, put together otherwise."""

import random
from collections import defaultdict

import numpy as np

from demo.training.gallery import Gallery


class Neighbours:
    """Looks up, for a row of the gallery, other rows with its shapes and colours."""

    def __init__(self, gallery: Gallery) -> None:
        shapes = np.sort(gallery.slots[:, [0, 4]], axis=1)
        colours = np.sort(gallery.slots[:, [1, 5]], axis=1)
        self._keys = [tuple(key) for key in np.concatenate([shapes, colours], axis=1).tolist()]
        self._rows: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for row, key in enumerate(self._keys):
            self._rows[key].append(row)

    def one(self, row: int, rng: random.Random, below: int) -> int:
        """A row under `below`; the row itself at times, and mostly where it has few neighbours."""
        return next((found for _ in range(4) if (found := rng.choice(self._rows[self._keys[row]])) < below), row)
