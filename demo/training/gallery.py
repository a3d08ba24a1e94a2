"""Catalogue items drawn once and kept on disk for training. Knows no model."""

import logging
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.catalogue.item import CatalogueItem
from demo.catalogue.label import labels as draw_labels
from demo.training.slots import Slots, slots

SIDE = 112  # pixels: what both models see
_LABEL_SEED = 2  # the demo folder draws its own with another
_SAMPLES = 50  # pictures that tell whether the way of drawing has changed
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Gallery:
    """items: n of them, families in a row. slots: (n, 10).

    pictures: (n + again, 112, 112, 3) uint8, on disk: one of each item, then a second drawing of the first `again`.
    labels: (m, 112, 112, 3) uint8: pictures that show no scene at all. fingerprint: changes with the scenes, and with
    the way that they are drawn.
    """

    items: list[CatalogueItem]
    pictures: NDArray[np.uint8]
    slots: Slots
    again: int
    labels: NDArray[np.uint8]
    fingerprint: str

    def families(self) -> NDArray[np.int64]:
        """(f + 1,): where each family begins, and n at the end."""
        starts = [i for i, item in enumerate(self.items) if i == 0 or item.family != self.items[i - 1].family]
        return np.array([*starts, len(self.items)], dtype=np.int64)


def open_gallery(folder: Path, items: list[CatalogueItem], *, again: int = 0, labels: int = 0) -> Gallery:
    """Draws the pictures unless they lie in `folder` already."""
    hasher = sha256("\n".join(f"{item.id} {item.scene.key}" for item in items).encode())
    for item in items[:: max(1, len(items) // _SAMPLES)]:
        hasher.update(item.picture().tobytes())
    name = f"{items[0].id}-{len(items)}-{again}-{hasher.hexdigest()[:12]}"
    path = folder / f"{name}.npy"
    if not path.exists():
        more = (replace(item, id=f"{item.id}-again") for item in items[:again])
        _draw([*items, *more], path)
    shown = [shrunk(label.picture()) for label in draw_labels(labels, _LABEL_SEED)]
    return Gallery(
        items,
        np.load(path, mmap_mode="r"),
        slots([item.scene for item in items]),
        again,
        np.array(shown, dtype=np.uint8).reshape(-1, SIDE, SIDE, 3),
        name,
    )


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
