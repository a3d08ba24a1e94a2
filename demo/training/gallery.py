"""Catalogue items drawn once and kept on disk for training. Knows no model."""

import logging
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.catalogue.item import CatalogueItem, generate
from demo.catalogue.split import Split
from demo.training.slots import Slots, slots
from demo.training.strange import strange

SIDE = 112  # pixels: what both models see
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Gallery:
    """items: n of them, families in a row. slots: (n, 10).

    pictures: (n + again + odd, 112, 112, 3) uint8, on disk: one of each item, then a second drawing of the first
    `again` items, then the first `odd` items made strange.
    """

    items: list[CatalogueItem]
    pictures: NDArray[np.uint8]
    slots: Slots
    again: int
    odd: int

    @property
    def first_odd(self) -> int:
        """Where the pictures of strange items begin."""
        return len(self.items) + self.again

    def families(self) -> NDArray[np.int64]:
        """(f + 1,): where each family begins, and n at the end."""
        starts = [i for i, item in enumerate(self.items) if i == 0 or item.family != self.items[i - 1].family]
        return np.array([*starts, len(self.items)], dtype=np.int64)


def open_gallery(
    folder: Path, split: Split, count: int, seed: int, *, again: int = 0, odd: int = 0, held_out: bool = False
) -> Gallery:
    """Draws the pictures unless they lie in `folder` already."""
    items = list(generate(split, count, seed, held_out=held_out))
    drawn = "\n".join(f"{item.id} {item.scene.key}" for item in items)
    path = folder / f"{split}-{count}-{again}-{odd}-{sha256(drawn.encode()).hexdigest()[:12]}.npy"
    if not path.exists():
        more = (replace(item, id=f"{item.id}-again") for item in items[:again])
        _draw([*items, *more, *map(strange, items[:odd])], path)
    return Gallery(items, np.load(path, mmap_mode="r"), slots([item.scene for item in items]), again, odd)


def shrunk(picture: Image.Image) -> NDArray[np.uint8]:
    """(112, 112, 3): as both models' own preprocessing shrinks it, bicubic with anti-aliasing."""
    return np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def _draw(items: list[CatalogueItem], path: Path) -> None:
    _log.info("drawing %d pictures into %s", len(items), path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    pictures = np.lib.format.open_memmap(unfinished, mode="w+", dtype=np.uint8, shape=(len(items), SIDE, SIDE, 3))
    for i, item in enumerate(items):
        pictures[i] = shrunk(item.picture())
    pictures.flush()
    unfinished.rename(path)
