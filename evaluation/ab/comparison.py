"""What two judges' orders of the same candidates differ by. Knows no judge: orders and grades go in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from content.errors import InvalidInput
from evaluation.ab.judging import Judged, Ordered
from evaluation.ab.question import Question, Section
from evaluation.quality.figures import Latency, latency
from measures.metrics import Estimate, PerQuery, Run, mean_of, per_query
from measures.significance import Significance, paired

MEASURES: Final = ("nDCG@10", "MRR", "recall@1", "hit@5")
"""The first is the one that decides."""

_SAME: Final = 1e-9  # two values of a query closer than this are a tie


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure. change: TUNED less BASE, over the same queries. wins, losses, ties: queries of TUNED's."""

    name: str
    base: Estimate
    tuned: Estimate
    change: Significance
    wins: int
    losses: int
    ties: int


@dataclass(frozen=True, slots=True)
class TopOne:
    """The first document of every query.

    changed: queries whose first is another. better, worse: those of them whose first has a higher or a lower grade.
    base, tuned: queries whose first is right.
    """

    queries: int
    changed: int
    better: int
    worse: int
    base: int
    tuned: int

    @property
    def relative(self) -> float | None:
        """By which share of BASE's the right first places grew; None where BASE had none."""
        return (self.tuned - self.base) / self.base if self.base else None


@dataclass(frozen=True, slots=True)
class Cost:
    """One judge's. latency: of judging all candidates of one query. pair_ms: mean for one candidate. failed: candidates
    that could not be judged."""

    latency: Latency
    pair_ms: float
    failed: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A section. candidates: of all queries together. unanswered: queries without a right candidate. figures: the first
    is the one that decides."""

    name: str
    guard: bool
    queries: int
    candidates: int
    unanswered: int
    figures: tuple[Figure, ...]
    top: TopOne
    base: Cost
    tuned: Cost

    @property
    def main(self) -> Figure:
        return self.figures[0]


def compare(
    sections: Sequence[Section], base: Judged, tuned: Judged, names: Sequence[str] = MEASURES
) -> list[Compared]:
    """Every section on its own. Raises InvalidInput for a name that is no measure."""
    if not names:
        raise InvalidInput("there is no measure to compare by", param="--measure")
    return [
        _compared(section, one, other, names)
        for section, one, other in zip(sections, base.sections, tuned.sections, strict=True)
    ]


def _compared(section: Section, base: Sequence[Ordered], tuned: Sequence[Ordered], names: Sequence[str]) -> Compared:
    qrels = {str(number): one.grades for number, one in enumerate(section.questions)}
    before = per_query(_run(base), qrels, names, relevant=section.relevant)
    after = per_query(_run(tuned), qrels, names, relevant=section.relevant)
    return Compared(
        name=section.name,
        guard=section.guard,
        queries=len(section.questions),
        candidates=section.candidates,
        unanswered=sum(_unanswered(one, section.relevant) for one in section.questions),
        figures=tuple(_figure(name, before[name], after[name]) for name in before),
        top=top_one(section, base, tuned),
        base=_cost(base, section.candidates),
        tuned=_cost(tuned, section.candidates),
    )


def top_one(section: Section, base: Sequence[Ordered], tuned: Sequence[Ordered]) -> TopOne:
    firsts = [(one.order[0], other.order[0]) for one, other in zip(base, tuned, strict=True)]
    grades = [
        (question.grades.get(one, 0), question.grades.get(other, 0))
        for question, (one, other) in zip(section.questions, firsts, strict=True)
    ]
    return TopOne(
        queries=len(firsts),
        changed=sum(one != other for one, other in firsts),
        better=sum(one < other for one, other in grades),
        worse=sum(one > other for one, other in grades),
        base=sum(one >= section.relevant for one, _ in grades),
        tuned=sum(other >= section.relevant for _, other in grades),
    )


def _figure(name: str, base: PerQuery, tuned: PerQuery) -> Figure:
    return Figure(
        name,
        mean_of(name, base),
        mean_of(name, tuned),
        paired(base, tuned),
        wins=int((tuned > base + _SAME).sum()),
        losses=int((tuned < base - _SAME).sum()),
        ties=int((np.abs(tuned - base) <= _SAME).sum()),
    )


def _cost(ordered: Sequence[Ordered], candidates: int) -> Cost:
    ms = [one.ms for one in ordered]
    return Cost(latency(ms), sum(ms) / candidates, sum(one.failed for one in ordered))


def _run(ordered: Sequence[Ordered]) -> Run:
    return {str(number): one.order for number, one in enumerate(ordered)}


def _unanswered(question: Question, relevant: int) -> bool:
    return all(question.grades.get(one, 0) < relevant for one in question.candidates)
