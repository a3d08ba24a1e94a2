"""Which queries come onto a sheet, in which order, and whose list stands on the left. Knows no pictures and no page."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from content.errors import InvalidInput
from evaluation.ab.comparison import TopOne, top_one
from evaluation.ab.judging import Judged
from evaluation.ab.question import Question, Section
from evaluation.review.key import System

_OTHER: Final[Mapping[System, System]] = {"base": "tuned", "tuned": "base"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """One query of the sheet. base, tuned: the ids of each one's first documents. left: whose list stands there."""

    section: Section
    question: Question
    base: tuple[str, ...]
    tuned: tuple[str, ...]
    left: System

    @property
    def differs(self) -> bool:
        return self.base != self.tuned

    @property
    def sides(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Left and right."""
        return (self.base, self.tuned) if self.left == "base" else (self.tuned, self.base)


@dataclass(frozen=True, slots=True)
class Choice:
    """queries, differing: of all sections, before anything was chosen."""

    queries: int
    differing: int
    chosen: tuple[Chosen, ...]


def choose(
    sections: Sequence[Section], base: Judged, tuned: Judged, *, count: int, shown: int, every: bool, seed: int
) -> Choice:
    """At most `count` queries, drawn and shuffled by the seed. shown: how many documents of each list.

    Each judge's list stands on the left as often as on the right, but for one. every: also queries whose lists are the
    same. Raises InvalidInput where there is nothing to show.
    """
    known = list(_pairs(sections, base, tuned, shown))
    differing = [one for one in known if one.differs]
    among = known if every else differing
    if not among:
        raise InvalidInput(
            f"both put the same first {shown} documents in the same order for all {len(known):,} queries, so there is "
            "nothing to review; --all shows them all the same"
        )
    rng = random.Random(seed)
    drawn = rng.sample(among, min(count, len(among)))
    left: list[System] = [("base", "tuned")[number % 2] for number in range(len(drawn))]
    if rng.getrandbits(1):
        left = [_OTHER[one] for one in left]
    rng.shuffle(left)
    chosen = tuple(replace(one, left=side) for one, side in zip(drawn, left, strict=True))
    return Choice(len(known), len(differing), chosen)


def first_documents(sections: Sequence[Section], base: Judged, tuned: Judged) -> TopOne:
    """Of all sections together."""
    found = [top_one(*one) for one in zip(sections, base.sections, tuned.sections, strict=True)]
    return TopOne(*(sum(getattr(one, name) for one in found) for name in TopOne.__dataclass_fields__))


def _pairs(sections: Sequence[Section], base: Judged, tuned: Judged, shown: int) -> Iterator[Chosen]:
    for section, before, after in zip(sections, base.sections, tuned.sections, strict=True):
        for question, one, other in zip(section.questions, before, after, strict=True):
            yield Chosen(section, question, tuple(one.order[:shown]), tuple(other.order[:shown]), "base")
