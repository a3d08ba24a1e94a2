"""How often the right item comes before a near-duplicate of each kind. Knows no models."""

from collections.abc import Iterable
from dataclasses import dataclass

from demo.catalogue.family import KINDS
from evaluation.demo.outcome import Outcome
from measures.metrics import Estimate, share


@dataclass(frozen=True, slots=True)
class Tally:
    """cases: queries with a near-duplicate of this kind among the candidates. stage1, stage2: the share of them in
    which the right item comes before it."""

    cases: int
    stage1: Estimate
    stage2: Estimate


def by_kind(outcomes: Iterable[Outcome], held_out: bool | None = None) -> dict[str, Tally]:
    """kind -> tally, in the order of `KINDS`, without the kinds that no query met.

    held_out: only the near-duplicates that show a held-out pair, or only those that show none. The right item always
    shows one, so that among the latter its mere novelty could give it away; None takes all.
    """
    rivals = [one for outcome in outcomes for one in outcome.rivals if held_out in (None, one.held_out)]
    found: dict[str, Tally] = {}
    for kind in KINDS:
        met = [rival for rival in rivals if rival.kind == kind]
        if met:
            stage1, stage2 = share([rival.beaten1 for rival in met]), share([rival.beaten2 for rival in met])
            found[kind] = Tally(len(met), stage1, stage2)
    return found
