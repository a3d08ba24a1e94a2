"""Items in colours that the catalogue does not have: whoever learns from them cannot tell a shape by its colour."""

import random
from dataclasses import replace

import numpy as np

from demo.catalogue.item import CatalogueItem
from demo.catalogue.vocabulary import SHAPES, STRANGE_COLOURS
from demo.training.slots import Slots

COLOUR_SLOTS = (1, 5)
UNKNOWN = -100  # what cross-entropy passes over


def strange(item: CatalogueItem) -> CatalogueItem:
    """The item with every group in another of the strange colours, always the same ones for the same item."""
    rng = random.Random(f"strange|{item.id}")
    colours = rng.sample(list(STRANGE_COLOURS), len(item.scene.groups))
    groups = tuple(replace(group, colour=colour) for group, colour in zip(item.scene.groups, colours, strict=True))
    return replace(item, id=f"{item.id}-strange", scene=replace(item.scene, groups=groups))


def without_colours(rows: Slots) -> Slots:
    """The slots of strange items, from those of what they were made of."""
    rows = np.array(rows)
    for slot in COLOUR_SLOTS:
        there = rows[..., slot - 1] < len(SHAPES)
        rows[..., slot] = np.where(there, UNKNOWN, rows[..., slot])
    return rows
