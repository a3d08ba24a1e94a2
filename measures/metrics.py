"""Ranking quality of a run against known right answers, with intervals. Knows nothing of models or collections."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import ir_measures
import numpy as np
from ir_measures import AP, RR, R, Success, nDCG
from numpy.typing import NDArray
from scipy.stats import binomtest, bootstrap

from content.errors import InvalidInput

_KINDS: Final = {"nDCG": nDCG, "MRR": RR, "MAP": AP, "recall": R, "hit": Success}
_KNOWN: Final = "nDCG@k, MRR, MRR@k, MAP, MAP@k, recall@k and hit@k"
_NAME: Final = re.compile(rf"(?P<kind>{'|'.join(_KINDS)})(?:@(?P<cutoff>[1-9][0-9]{{0,5}}))?")

STANDARD = ("recall@1", "recall@50", "MRR", "nDCG@10")

GRADES = 100
"""Into how many steps a graded score in [0, 1] is cut to become a grade of the qrels; nDCG is the same for grades that
are all multiplied by one number."""

RELEVANT = GRADES // 2
"""The least grade, of such a score, that counts as relevant where a measure knows yes and no only."""

_SLACK: Final = 1e-9  # 0.29 in binary is 29 of 100 steps

Qrels = Mapping[str, Mapping[str, int]]
"""Query id -> item id -> grade, from 0; an item that is not named has grade 0."""

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


def measure(name: str, relevant: int = 1) -> ir_measures.Measure:
    """A measure by the name that users write: nDCG, MRR, MAP, recall and hit, each with or without `@k`.

    recall and hit need a k. relevant: the least grade that counts as relevant; nDCG takes the grades themselves, as
    trec_eval does (Järvelin and Kekäläinen, TOIS 20, 2002, with linear gains). hit@k: the share of queries with a
    relevant item among the first k.
    Raises InvalidInput for any other name.
    """
    found = _NAME.fullmatch(name)
    if found is None or (found["kind"] in ("recall", "hit") and found["cutoff"] is None):
        raise InvalidInput(f"{name!r} is no measure; there are {_KNOWN}", param="--measure")
    kind = _KINDS[found["kind"]]
    if kind is not nDCG:
        kind = kind(rel=relevant)
    return kind if found["cutoff"] is None else kind @ int(found["cutoff"])


def per_query(run: Run, qrels: Qrels, names: Sequence[str] = STANDARD, *, relevant: int = 1) -> dict[str, PerQuery]:
    """Each of these measures for every query of `qrels`, in [0, 1]; a query that the run lacks counts 0.

    relevant: as in `measure`. Raises InvalidInput for a name that is no measure.
    """
    measures = {measure(name, relevant): name for name in names}
    values = {name: dict.fromkeys(map(_plain, qrels), 0.0) for name in names}
    for metric in ir_measures.iter_calc(list(measures), _judged(qrels), _scored(run, qrels)):
        values[measures[metric.measure]][metric.query_id] = metric.value
    return {name: np.array(list(by_query.values())) for name, by_query in values.items()}


def per_place(places: Sequence[int | None]) -> dict[str, PerQuery]:
    """As `per_query`, where all that is known of each query is the place of its right item, from 1; None: nowhere."""
    queries = {f"query-{number}": place for number, place in enumerate(places)}
    run = {query: [*(f"wrong-{n}" for n in range(1, place)), "right"] for query, place in queries.items() if place}
    return per_query(run, {query: {"right": 1} for query in queries})


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


def mean_of(name: str, values: PerQuery) -> Estimate:
    """The mean of a measure over queries, (queries,): `share` where it counts queries, as hit@k does and recall@k where
    each has one right item, else `estimate`."""
    counts = name.startswith(("hit", "recall")) and np.isin(values, (0.0, 1.0)).all()
    return share(values) if counts else estimate(values)


def graded(score: float) -> int:
    """The grade of a score in [0, 1]: from 0 to `GRADES`. A score below one half is none of a relevant item."""
    return math.floor(GRADES * score + _SLACK)


def _judged(qrels: Qrels) -> Iterable[ir_measures.Qrel]:
    return (
        ir_measures.Qrel(_plain(query), _plain(item), grade)
        for query, items in qrels.items()
        for item, grade in items.items()
    )


def _scored(run: Run, qrels: Qrels) -> Iterable[ir_measures.ScoredDoc]:
    # Scores that fall with the place keep the run's own order whatever the tie rule of the library.
    return (
        ir_measures.ScoredDoc(_plain(query), _plain(item), float(-place))
        for query, items in run.items()
        if query in qrels
        for place, item in enumerate(items)
    )


def _plain(name: str) -> str:
    """An id in hexadecimal digits: trec_eval ends a name at a NUL, and the whole process at half a character."""
    return name.encode("utf-8", "surrogatepass").hex()
