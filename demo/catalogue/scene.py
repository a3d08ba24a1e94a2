"""A scene: one or two groups of products, how they stand to each other, and what they stand on. Knows no words."""

import random
from dataclasses import dataclass

from demo.catalogue.vocabulary import BACKGROUNDS, COUNTS, PATTERNS, RELATIONS, SOLD, Assortment

ALONE = 0.15  # the share of scenes with a single group


@dataclass(frozen=True, slots=True)
class Group:
    """One to three products of one kind, side by side."""

    shape: str
    colour: str
    pattern: str
    count: int


@dataclass(frozen=True, slots=True)
class Scene:
    """One group, or two that differ in shape and in colour.

    groups: the first stands to the left of the second (`relation` left) or above it (`relation` above).
    relation: None where there is one group.
    """

    groups: tuple[Group, ...]
    relation: str | None
    background: str

    @property
    def key(self) -> str:
        """One line that says everything and is the same in every run."""
        parts = [f"{g.shape},{g.colour},{g.pattern},{g.count}" for g in self.groups]
        return "|".join([*parts, self.relation or "alone", self.background])


def random_group(rng: random.Random, assortment: Assortment = SOLD) -> Group:
    return Group(
        rng.choice(assortment.shapes),
        rng.choice(assortment.colours),
        rng.choice(list(PATTERNS)),
        rng.choice(list(COUNTS)),
    )


def random_scene(rng: random.Random, assortment: Assortment = SOLD, alone: float = ALONE) -> Scene:
    """Any scene of these products that can be drawn, whatever split it belongs to."""
    background = rng.choice(list(BACKGROUNDS))
    first = random_group(rng, assortment)
    if rng.random() < alone:
        return Scene((first,), None, background)
    second = random_group(rng, assortment)
    while not is_legal((first, second)):
        second = random_group(rng, assortment)
    return Scene((first, second), rng.choice(RELATIONS), background)


def is_legal(groups: tuple[Group, ...]) -> bool:
    """Two groups differ in shape and colour, so that swapping either always makes another scene."""
    return len(groups) == 1 or (groups[0].shape != groups[1].shape and groups[0].colour != groups[1].colour)
