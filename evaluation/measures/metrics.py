"""Ranking quality of a run against known right answers, with intervals. Knows nothing of models or collections."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG
from numpy.typing import NDArray
from scipy.stats import binomtest, bootstrap

MEASURES: dict[str, ir_measures.Measure] = {
    "recall@1": R @ 1,
    "recall@50": R @ 50,
    "MRR": RR,
    "nDCG@10": nDCG @ 10,
}

SHARES = ("recall@1", "recall@50")
"""Those that are 0 or 1 for a query with one right item."""

Qrels = Mapping[str, str]
"""Query id -> id of its one right item."""

Run = Mapping[str, Sequence[str]]
"""Query id -> item ids, best first."""

PerQuery = NDArray[np.float64]
"""(queries,), in the order of the qrels."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over queries with its 95 % interval: Wilson's for shares, else the percentile bootstrap's."""

    mean: float
    low: float
    high: float


def per_query(run: Run, qrels: Qrels) -> dict[str, PerQuery]:
    """Each measure of `MEASURES` for every query of `qrels`, in [0, 1]; a query that the run lacks counts 0."""
    values = {name: dict.fromkeys(qrels, 0.0) for name in MEASURES}
    names = {measure: name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), _judged(qrels), _scored(run)):
        values[names[metric.measure]][metric.query_id] = metric.value
    return {name: np.array(list(by_query.values())) for name, by_query in values.items()}


def per_place(places: Sequence[int | None]) -> dict[str, PerQuery]:
    """As `per_query`, where all that is known of each query is the place of its right item, from 1; None: nowhere."""
    queries = {f"query-{number}": place for number, place in enumerate(places)}
    run = {query: [*(f"wrong-{n}" for n in range(1, place)), "right"] for query, place in queries.items() if place}
    return per_query(run, dict.fromkeys(queries, "right"))


def share(hits: Sequence[bool] | PerQuery) -> Estimate:
    """The share of ones among ones and zeros, with Wilson's score interval (JASA 22, 1927).

    It never shrinks to a point, as the bootstrap's does where all are alike.
    """
    counted = binomtest(int(sum(hits)), len(hits))
    interval = counted.proportion_ci(confidence_level=0.95, method="wilson")
    return Estimate(float(counted.statistic), float(interval.low), float(interval.high))


def estimate(values: PerQuery, *, seed: int = 0, resamples: int = 2000) -> Estimate:
    """Mean of per-query values (queries,) and its percentile-bootstrap interval (Efron & Tibshirani 1993); one query,
    or equal values, give a point."""
    mean = float(values.mean())
    if np.all(values == values[0]):
        return Estimate(mean, mean, mean)
    interval = bootstrap(
        (values,), np.mean, n_resamples=resamples, method="percentile", rng=np.random.default_rng(seed)
    ).confidence_interval
    return Estimate(mean, float(interval.low), float(interval.high))


def _judged(qrels: Qrels) -> Iterable[ir_measures.Qrel]:
    return (ir_measures.Qrel(query, item, 1) for query, item in qrels.items())


def _scored(run: Run) -> Iterable[ir_measures.ScoredDoc]:
    # Scores that fall with the place keep the run's own order whatever the tie rule of the library.
    return (
        ir_measures.ScoredDoc(query, item, float(-place))
        for query, items in run.items()
        for place, item in enumerate(items)
    )
