"""The figures of one row, computed from its queries. Knows no models and no tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.demo.kinds import Tally, by_kind
from evaluation.demo.result import Result
from measures.calibration import Calibration, calibration
from measures.metrics import Estimate, estimate, mean_of, per_place, share
from measures.significance import Significance, paired
from measures.silence import silence

REPORTED = ("recall@1", "MRR", "nDCG@10")
TESTED = ("recall@1", "nDCG@10")
RECALL_DEPTH = 50
SHALLOW, DEEP = 20, 100


@dataclass(frozen=True, slots=True)
class Figures:
    """One row's.

    stage1, stage2: measure -> estimate, both over the first `depth` candidates. recall: stage 1's recall@50, None where
    fewer were recalled. tests: measure -> stage 2 against stage 1. depths: depth -> nDCG@10 of stage 2. deepening: mean
    over queries of stage 2's nDCG@10 at depth 100 less that at 20, None where they are not both there. kinds: of all
    near-duplicates; held_out_rivals, trained_rivals: of those that show a held-out pair as the right item does, and of
    those that do not. removed: the share of queries without a hit above 0.5 once the right item is struck out. foreign:
    the same of the queries that nothing answers, None where they were not asked.
    """

    stage1: Mapping[str, Estimate]
    stage2: Mapping[str, Estimate]
    recall: Estimate | None
    tests: Mapping[str, Significance]
    depths: Mapping[int, Estimate]
    deepening: Estimate | None
    kinds: Mapping[str, Tally]
    held_out_rivals: Mapping[str, Tally]
    trained_rivals: Mapping[str, Tally]
    calibration: Calibration | None
    removed: Estimate
    foreign: Estimate | None


def figures(result: Result, depth: int) -> Figures:
    """depth: the main one, of which the result must know."""
    places1 = [one.rank1 for one in result.outcomes]
    values1 = per_place([place if place and place <= depth else None for place in places1])
    values2 = per_place(_places2(result, depth))
    by_depth = {at: per_place(_places2(result, at))["nDCG@10"] for at in result.outcomes[0].ranks2}
    both = SHALLOW in by_depth and DEEP in by_depth
    return Figures(
        stage1={name: mean_of(name, values1[name]) for name in REPORTED},
        stage2={name: mean_of(name, values2[name]) for name in REPORTED},
        recall=share(per_place(places1)["recall@50"]) if result.candidates >= RECALL_DEPTH else None,
        tests={name: paired(values1[name], values2[name]) for name in TESTED},
        depths={at: estimate(values) for at, values in by_depth.items()},
        deepening=estimate(by_depth[DEEP] - by_depth[SHALLOW]) if both else None,
        kinds=by_kind(result.outcomes),
        held_out_rivals=by_kind(result.outcomes, held_out=True),
        trained_rivals=by_kind(result.outcomes, held_out=False),
        calibration=calibration(result.verdicts) if result.verdicts else None,
        removed=silence([one.other for one in result.outcomes]),
        foreign=silence([one.highest for one in result.foreign]) if result.foreign else None,
    )


def _places2(result: Result, depth: int) -> Sequence[int | None]:
    return [one.ranks2[depth] for one in result.outcomes]
