"""What each way of reading is worth and what it costs, against reading all in full. Knows no models."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np
from scipy.stats import bootstrap

from content.errors import InvalidInput
from evaluation.depth.plan import Plan, Way
from evaluation.depth.run import Outcome
from measures.metrics import Estimate, estimate, per_query
from measures.significance import Significance, paired

MAIN: Final = "nDCG@10"


@dataclass(frozen=True, slots=True)
class Line:
    """quality: nDCG@10. ms: the median of a query. loss: of quality against reading all in full, paired, below 0 where
    this way is worse. time: what it takes by what reading all in full takes, over all queries, with its interval."""

    way: Way
    quality: Estimate
    ms: float
    loss: Significance
    time: Estimate


@dataclass(frozen=True, slots=True)
class Figures:
    """stage1: its quality alone. lines: one for each way, in the plan's order; the full one is among them."""

    queries: int
    stage1: Estimate
    full: Way
    lines: tuple[Line, ...]


def figures(outcomes: Sequence[Outcome], plan: Plan) -> Figures:
    """Raises InvalidInput where there are none."""
    if not outcomes:
        raise InvalidInput("no query could be asked, so there is nothing to compare")
    qrels = {one.id: one.grades for one in outcomes}

    def quality(run: dict[str, Sequence[str]]) -> np.ndarray:
        return per_query(run, qrels, (MAIN,))[MAIN]

    values = {way: quality({one.id: one.ways[way].order for one in outcomes}) for way in plan.ways}
    times = {way: np.array([one.ways[way].ms for one in outcomes]) for way in plan.ways}
    return Figures(
        queries=len(outcomes),
        stage1=estimate(quality({one.id: one.recalled for one in outcomes})),
        full=plan.full,
        lines=tuple(
            Line(
                way,
                estimate(values[way]),
                median(times[way].tolist()),
                paired(values[plan.full], values[way]),
                _ratio(times[way], times[plan.full]),
            )
            for way in plan.ways
        ),
    )


def _ratio(times: np.ndarray, full: np.ndarray) -> Estimate:
    """Of the sums, with the percentile bootstrap over queries."""
    ratio = float(times.sum() / full.sum())
    if len(times) == 1 or times is full:
        return Estimate(ratio, ratio, ratio)
    interval = bootstrap(
        (times, full),
        lambda one, other, axis: one.sum(axis=axis) / other.sum(axis=axis),
        paired=True,
        n_resamples=2000,
        method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return Estimate(ratio, float(interval.low), float(interval.high))
