"""Near-duplicates of a scene: everything the same but for one thing, which `kind` names. Knows no words."""

import random
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from demo.catalogue.scene import Group, Scene, is_legal
from demo.catalogue.split import Split, split_of
from demo.catalogue.vocabulary import BACKGROUNDS, COUNTS, PATTERNS, SOLD, Assortment

ORIGINAL = "original"
SWAP, FLIP, RELATION = "swap", "flip", "relation"
CHANGES = ("shape", "colour", "pattern", "count")
KINDS = (SWAP, FLIP, RELATION, "background", *CHANGES)
"""swap: the two groups exchange their colours; flip: they change places; relation: left becomes above and the other way
round; the rest: one group (for background, the scene) has another value of that name."""

_TRIES = 40
_Value = TypeVar("_Value", str, int)


def near_duplicates(scene: Scene, split: Split, rng: random.Random, assortment: Assortment = SOLD) -> dict[str, Scene]:
    """kind -> scene, for every kind that this scene allows within its split; in an order drawn by `rng`."""
    found: dict[str, Scene] = {}
    for kind in rng.sample(KINDS, len(KINDS)):
        for _ in range(_TRIES):
            other = changed(scene, kind, rng, assortment)
            if other is None:
                break
            if split_of(other) == split:
                found[kind] = other
                break
    return found


def changed(scene: Scene, kind: str, rng: random.Random, assortment: Assortment = SOLD) -> Scene | None:
    """The scene with a difference of this kind, of any split; None where it cannot have one."""
    if kind == "background":
        return replace(scene, background=_other(BACKGROUNDS, scene.background, rng))
    if kind in CHANGES:
        return _with_change(scene, kind, rng, assortment)
    if len(scene.groups) == 1:
        return None
    first, second = scene.groups
    if kind == SWAP:
        return replace(scene, groups=(replace(first, colour=second.colour), replace(second, colour=first.colour)))
    if kind == FLIP:
        return replace(scene, groups=(second, first))
    return replace(scene, relation="above" if scene.relation == "left" else "left")


def _with_change(scene: Scene, attribute: str, rng: random.Random, assortment: Assortment) -> Scene:
    while True:
        at = rng.randrange(len(scene.groups))
        group = _regrouped(scene.groups[at], attribute, rng, assortment)
        groups = tuple(group if i == at else one for i, one in enumerate(scene.groups))
        if is_legal(groups):
            return replace(scene, groups=groups)


def _regrouped(group: Group, attribute: str, rng: random.Random, assortment: Assortment) -> Group:
    if attribute == "shape":
        return replace(group, shape=_other(assortment.shapes, group.shape, rng))
    if attribute == "colour":
        return replace(group, colour=_other(assortment.colours, group.colour, rng))
    if attribute == "pattern":
        return replace(group, pattern=_other(PATTERNS, group.pattern, rng))
    return replace(group, count=_other(COUNTS, group.count, rng))


def _other(values: Iterable[_Value], now: _Value, rng: random.Random) -> _Value:
    return rng.choice([value for value in values if value != now])
