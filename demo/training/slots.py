"""Scenes as rows of numbers: what the throw-away heads of both trainings are asked to tell. Knows no model."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from demo.catalogue.scene import Group, Scene
from demo.catalogue.vocabulary import ALL_COLOURS, ALL_SHAPES, BACKGROUNDS, COUNTS, PATTERNS, RELATIONS

Slots = NDArray[np.int64]  # (n, 10)

_GROUP: tuple[list[str | int], ...] = (list(ALL_SHAPES), list(ALL_COLOURS), list(PATTERNS), list(COUNTS))
_PER_GROUP = tuple(len(values) + 1 for values in _GROUP)  # the last value of each says: there is no such group
SIZES: tuple[int, ...] = (*_PER_GROUP, *_PER_GROUP, len(RELATIONS) + 1, len(BACKGROUNDS))
"""How many values each slot has: shape, colour, pattern and count of the first group, of the second, relation,
background."""

NO_GROUP = len(ALL_SHAPES)  # the shape of a group that is not there


def slots(scenes: Sequence[Scene]) -> Slots:
    """(n, 10), one row per scene."""
    return np.array([_row(scene) for scene in scenes], dtype=np.int64).reshape(-1, len(SIZES))


def group_keys(rows: Slots, number: bool) -> Slots:
    """(n, 2): one number per group, equal for equal groups; -1 for none. Without `number`, counts are passed over."""
    keys = np.zeros((len(rows), 2), dtype=np.int64)
    for group in range(2):
        for slot in range(4 if number else 3):
            keys[:, group] = keys[:, group] * _PER_GROUP[slot] + rows[:, 4 * group + slot]
    keys[rows[:, 4] == NO_GROUP, 1] = -1
    return keys


def _row(scene: Scene) -> list[int]:
    second = _group(scene.groups[1]) if len(scene.groups) == 2 else [size - 1 for size in _PER_GROUP]
    relation = len(RELATIONS) if scene.relation is None else RELATIONS.index(scene.relation)
    return [*_group(scene.groups[0]), *second, relation, list(BACKGROUNDS).index(scene.background)]


def _group(group: Group) -> list[int]:
    values: tuple[str | int, ...] = (group.shape, group.colour, group.pattern, group.count)
    return [known.index(value) for known, value in zip(_GROUP, values, strict=True)]
