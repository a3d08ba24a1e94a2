"""Which scenes train, validate and test: decided by the scene alone, so that no run and no seed can leak."""

from hashlib import sha256
from typing import Literal

from demo.catalogue.scene import Scene

Split = Literal["train", "validation", "test"]

Pair = tuple[str, str]
Judging = Literal["validation", "test"]
HELD_OUT: dict[Judging, frozenset[Pair]] = {  # pairs of shape and colour that no training scene shows
    "validation": frozenset(  # a recipe is chosen by these ...
        {("mug", "green"), ("lamp", "black"), ("hat", "yellow"), ("umbrella", "red"), ("book", "pink")}
    ),
    "test": frozenset(  # ... and judged by these
        {
            ("mug", "purple"),
            ("bag", "orange"),
            ("bottle", "yellow"),
            ("lamp", "blue"),
            ("hat", "pink"),
            ("boot", "green"),
            ("clock", "red"),
            ("umbrella", "black"),
            ("book", "blue"),
            ("chair", "yellow"),
        }
    ),
}
_SALT = "lychee-1"


def signature(scene: Scene) -> str:
    """What a scene shares with its rearrangements: shapes, colours, patterns and counts, whichever belong together.

    Swapped bindings, flipped sides, another relation and another background leave it as it is, so they stay in one
    split together.
    """
    groups = scene.groups
    parts = (
        sorted(g.shape for g in groups),
        sorted(g.colour for g in groups),
        sorted(g.pattern for g in groups),
        sorted(str(g.count) for g in groups),
    )
    return ";".join(",".join(part) for part in parts)


def has_held_out(scene: Scene, split: Judging) -> bool:
    return any((g.shape, g.colour) in HELD_OUT[split] for g in scene.groups)


def split_of(scene: Scene) -> Split | None:
    """None for a scene that shows a pair held out of the part it falls into: nobody may use it."""
    bucket = int.from_bytes(sha256(f"{_SALT}:{signature(scene)}".encode()).digest()[:4], "big") % 20
    if bucket < 4:
        return "test"
    if has_held_out(scene, "test"):
        return None
    if bucket < 6:
        return "validation"
    return None if has_held_out(scene, "validation") else "train"
