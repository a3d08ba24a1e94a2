"""How often the right item comes before a near-duplicate of each kind. Knows no models."""

from collections.abc import Iterable
from dataclasses import dataclass

from demo.catalogue.family import KINDS
from evaluation.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Tally:
    """cases: queries with a near-duplicate of this kind among the candidates. stage1, stage2: the share of them, in
    [0, 1], in which the right item comes before it."""

    cases: int
    stage1: float
    stage2: float


def by_kind(outcomes: Iterable[Outcome]) -> dict[str, Tally]:
    """kind -> tally, in the order of `KINDS`, without the kinds that no query met."""
    rivals = [rival for outcome in outcomes for rival in outcome.rivals]
    found: dict[str, Tally] = {}
    for kind in KINDS:
        met = [rival for rival in rivals if rival.kind == kind]
        if met:
            beaten1, beaten2 = sum(rival.beaten1 for rival in met), sum(rival.beaten2 for rival in met)
            found[kind] = Tally(len(met), beaten1 / len(met), beaten2 / len(met))
    return found
