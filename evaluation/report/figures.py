"""What a report says of an evaluation, as numbers. Knows no HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from content.errors import InvalidInput
from evaluation.quality.figures import System, measured
from evaluation.quality.result import Answered, Evaluation
from measures.metrics import Estimate
from measures.significance import Significance, paired

MAIN = "nDCG@10"
MEASURES = (MAIN, "MRR", "MAP@100", "recall@50", "hit@1", "hit@5")
CASES = 10
"""How many queries each list of examples shows."""


@dataclass(frozen=True, slots=True)
class Stage:
    """depth: None for stage 1 alone. milliseconds: the median over queries; of stage 2 at a smaller depth than was read
    in proportion to the candidates; None where no times were kept."""

    system: System
    depth: int | None
    milliseconds: float | None

    @property
    def name(self) -> str:
        return self.system.name

    @property
    def estimates(self) -> Mapping[str, Estimate]:
        return self.system.estimates


@dataclass(frozen=True, slots=True)
class Case:
    """One query. before: nDCG@10 of stage 1. after: of stage 2 at its greatest depth, or of stage 1 without one."""

    answered: Answered
    before: float
    after: float

    @property
    def gain(self) -> float:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Figures:
    """systems: stage 1, then stage 2 by rising depth. test: of the deepest stage 2 against stage 1, by nDCG@10; None
    where there is no stage 2. cases: one for each query. failed: candidates that stage 2 could not judge."""

    systems: tuple[Stage, ...]
    test: Significance | None
    cases: tuple[Case, ...]
    failed: int

    @property
    def worst(self) -> list[Case]:
        """The queries with the lowest nDCG@10 in the end, lowest first, without those that could not be better."""
        return sorted((one for one in self.cases if one.after < 1), key=lambda one: one.after)[:CASES]

    @property
    def repaired(self) -> list[Case]:
        """The queries that stage 2 gave the most, most first."""
        return sorted((one for one in self.cases if one.gain > 0), key=lambda one: -one.gain)[:CASES]

    @property
    def broken(self) -> list[Case]:
        """The queries that stage 2 took the most from, most first."""
        return sorted((one for one in self.cases if one.gain < 0), key=lambda one: one.gain)[:CASES]


def figures(evaluation: Evaluation, relevant: int = 1, names: Sequence[str] = MEASURES) -> Figures:
    """relevant: as in `measures.metrics.measure`. names: of the measures beside nDCG@10.

    Raises InvalidInput for an evaluation without queries, and for a name that is no measure.
    """
    if not evaluation.answered:
        raise InvalidInput("an evaluation without queries has nothing to report")
    answered, measures = evaluation.answered, tuple(dict.fromkeys((MAIN, *names)))
    systems = measured(evaluation.systems, evaluation.qrels, measures, relevant=relevant)
    before, after = (one.values[MAIN].tolist() for one in (systems[0], systems[-1]))
    return Figures(
        systems=tuple(
            Stage(system, depth, _milliseconds(answered, depth))
            for system, depth in zip(systems, (None, *evaluation.depths), strict=True)
        ),
        test=paired(systems[0].values[MAIN], systems[-1].values[MAIN]) if evaluation.depths else None,
        cases=tuple(Case(*one) for one in zip(answered, before, after, strict=True)),
        failed=sum(one.error is not None for query in answered for one in query.candidates),
    )


def _milliseconds(answered: Sequence[Answered], depth: int | None) -> float | None:
    if not any(one.recall_ms or one.rerank_ms for one in answered):
        return None
    return median(one.recall_ms + one.rerank_ms * _share(depth, len(one.candidates)) for one in answered)


def _share(depth: int | None, candidates: int) -> float:
    return min(depth or 0, candidates) / max(candidates, 1)
