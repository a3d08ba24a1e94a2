"""The ways in which stage 2 may read candidates, and which of them are compared. Knows no models."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from content.errors import InvalidInput
from evaluation.quality.result import DEPTHS

SHARES: Final = (1.0, 9 / 16, 1 / 4)
"""Of the pixels that a picture may have in full: the sides of the smaller ones are 3/4 and 1/2 as long."""

LEAST_KEPT: Final = 10
"""nDCG@10 is about ten places."""


@dataclass(frozen=True, slots=True)
class Way:
    """depth: how many candidates are read. pixels: what a picture has at most. keep: None reads once; else all are
    looked at with `pixels`, and the best `keep` pictures are read in full."""

    depth: int
    pixels: int
    keep: int | None = None

    @property
    def name(self) -> str:
        first = "" if self.keep is None else f", best {self.keep} in full"
        return f"{self.depth:,} candidates, {self.pixels:,} pixels{first}"


@dataclass(frozen=True, slots=True)
class Plan:
    """depths, pixels: rising and falling. keeps: of the first looks, each over the greatest depth with every number of
    pixels but the greatest."""

    depths: tuple[int, ...]
    pixels: tuple[int, ...]
    keeps: tuple[int, ...]

    @property
    def full(self) -> Way:
        """What all others are compared with."""
        return Way(self.depths[-1], self.pixels[0])

    @property
    def ways(self) -> list[Way]:
        """Those that read once, then those with a first look."""
        once = [Way(depth, pixels) for pixels in self.pixels for depth in self.depths]
        return once + [Way(self.depths[-1], pixels, keep) for pixels in self.pixels[1:] for keep in self.keeps]


def plan(depths: Sequence[int], pixels: Sequence[int], keeps: Sequence[int], most: int) -> Plan:
    """most: the pixels that the model reads in full, which are always among those compared; no pixels take `SHARES`.

    Raises InvalidInput for more pixels than that, and for fewer candidates kept than nDCG@10 looks at.
    """
    if too_many := [one for one in pixels if one > most]:
        raise InvalidInput(
            f"the model reads pictures with at most {most:,} pixels, not {too_many[0]:,}", param="--pixels"
        )
    if too_few := [one for one in keeps if one < LEAST_KEPT]:
        raise InvalidInput(f"nDCG@10 needs {LEAST_KEPT} that are read in full, not {too_few[0]}", param="--keep")
    budgets = {most, *(pixels or (round(share * most) for share in SHARES))}
    found = sorted(set(depths or DEPTHS))
    kept = sorted({one for one in keeps if one < found[-1]})
    return Plan(tuple(found), tuple(sorted(budgets, reverse=True)), tuple(kept))
