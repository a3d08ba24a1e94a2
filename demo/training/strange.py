"""Items in colours, or of shapes, that the catalogue does not have.

Whoever learns from them cannot tell a shape by its colour or a colour by its shape, and so reads pairs it never saw.
"""

import random
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from demo.catalogue.item import CatalogueItem
from demo.catalogue.scene import Group
from demo.catalogue.vocabulary import STRANGE_COLOURS, STRANGE_SHAPES
from demo.training.slots import Slots

UNKNOWN = -100  # what cross-entropy passes over
_SHAPE_SLOTS, _COLOUR_SLOTS = (0, 4), (1, 5)


def strange(item: CatalogueItem) -> CatalogueItem:
    """The item with every group in a strange colour, or every group of a strange shape: always the same for an item."""
    rng = random.Random(f"strange|{item.id}")
    attribute = _strange_attribute(item)
    values = rng.sample(list(STRANGE_COLOURS if attribute == "colour" else STRANGE_SHAPES), len(item.scene.groups))
    groups = tuple(_changed(group, attribute, value) for group, value in zip(item.scene.groups, values, strict=True))
    return replace(item, id=f"{item.id}-strange", scene=replace(item.scene, groups=groups))


def strange_slots(items: Iterable[CatalogueItem], rows: Slots) -> Slots:
    """(n, 10): the slots of strange items, from the items and slots they were made of; what is strange is UNKNOWN."""
    rows = np.array(rows)
    for row, item in zip(rows, items, strict=True):
        slots = _COLOUR_SLOTS if _strange_attribute(item) == "colour" else _SHAPE_SLOTS
        row[list(slots[: len(item.scene.groups)])] = UNKNOWN
    return rows


def _strange_attribute(item: CatalogueItem) -> str:
    return random.Random(f"attribute|{item.id}").choice(("colour", "shape"))


def _changed(group: Group, attribute: str, value: str) -> Group:
    return replace(group, colour=value) if attribute == "colour" else replace(group, shape=value)
