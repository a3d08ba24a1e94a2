"""Scenes of the catalogue that show a wanted group, nearly show it, or do not. Knows no words."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal

from demo.catalogue.scene import Group, Scene, is_legal, random_group
from demo.catalogue.split import Split, split_of
from demo.catalogue.vocabulary import BACKGROUNDS, RELATIONS
from demo.domain.words import NAMES

Kind = Literal["match", "substitute", "colour", "shape", "other"]
GRADES: Final[dict[Kind, float]] = {"match": 1.0, "substitute": 0.5, "colour": 0.0, "shape": 0.0, "other": 0.0}
"""match: shows what is wanted. substitute: the same product in the same colour, of another pattern or number. colour,
shape: what is wanted but for its colour or shape. other: anything else."""

_ALONE: Final = 0.5
_TRIES: Final = 200


def wanted_groups(split: Split, rng: random.Random) -> Iterator[Group]:
    """What customers may ask for, each colour that the dealer has named in turn; all of it is in this split."""
    while True:
        for colour in NAMES:
            group = replace(random_group(rng), colour=colour)
            while _showing(group, split, rng) is None:
                group = replace(random_group(rng), colour=colour)
            yield group


def stock(wanted: Group, kinds: Sequence[Kind], split: Split, rng: random.Random) -> list[tuple[Scene, float]]:
    """A scene of each kind with its grade, in random order, no scene twice."""
    found: dict[Scene, float] = {}
    for kind in kinds:
        scene = _scene(wanted, kind, split, rng)
        while scene is None or scene in found or _kind_grade(wanted, scene) != GRADES[kind]:
            scene = _scene(wanted, kind, split, rng)
        found[scene] = GRADES[kind]
    return rng.sample(list(found.items()), len(found))


def _scene(wanted: Group, kind: Kind, split: Split, rng: random.Random) -> Scene | None:
    group, drawn = wanted, random_group(rng)
    if kind == "substitute":
        group = replace(wanted, **{name: getattr(drawn, name) for name in (rng.choice(("pattern", "count")),)})
    elif kind == "colour":
        group = replace(wanted, colour=drawn.colour)
    elif kind == "shape":
        group = replace(wanted, shape=drawn.shape)
    elif kind == "other":
        group = drawn
    return _showing(group, split, rng)


def _showing(group: Group, split: Split, rng: random.Random) -> Scene | None:
    """A scene of the split with this group, alone or beside another; None where none was found."""
    for _ in range(_TRIES):
        background, relation, other = rng.choice(list(BACKGROUNDS)), rng.choice(RELATIONS), random_group(rng)
        if rng.random() < _ALONE:
            scene = Scene((group,), None, background)
        else:
            scene = Scene((group, other) if rng.random() < 0.5 else (other, group), relation, background)
        if is_legal(scene.groups) and split_of(scene) == split:
            return scene
    return None


def _kind_grade(wanted: Group, scene: Scene) -> float:
    """How well the scene serves who wants this group."""
    if wanted in scene.groups:
        return GRADES["match"]
    alike = any((one.shape, one.colour) == (wanted.shape, wanted.colour) for one in scene.groups)
    return GRADES["substitute"] if alike else 0.0
