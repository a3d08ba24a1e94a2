"""Systems compared on the same queries: every measure with its interval, and the paired test against the first. Knows
no models and not what the systems are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from evaluation.quality.result import Answered
from measures.metrics import Estimate, PerQuery, Qrels, Run, mean_of, per_query
from measures.significance import Significance, paired

MEASURES: Final = ("nDCG@10", "MRR", "MAP", "recall@10", "hit@1")


@dataclass(frozen=True, slots=True)
class System:
    """values: each measure for every query, (queries,), in the order of the qrels. against: the difference to the first
    system, by measure; empty for that one itself, and where nothing was tested."""

    name: str
    values: Mapping[str, PerQuery]
    estimates: Mapping[str, Estimate]
    against: Mapping[str, Significance]


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds that a query takes."""

    median: float
    p95: float


def measured(
    systems: Mapping[str, Run], qrels: Qrels, names: Sequence[str] = MEASURES, *, relevant: int = 1
) -> list[System]:
    """The systems in their order, without tests, which take half a second for a thousand queries. names, relevant: as
    `measures.metrics.per_query` takes them, and what it raises."""
    found = {name: per_query(run, qrels, names, relevant=relevant) for name, run in systems.items()}
    return [
        System(name, values, {one: mean_of(one, each) for one, each in values.items()}, {})
        for name, values in found.items()
    ]


def compare(
    systems: Mapping[str, Run], qrels: Qrels, names: Sequence[str] = MEASURES, *, relevant: int = 1
) -> list[System]:
    """As `measured`, with the tests against the first."""
    first, *others = measured(systems, qrels, names, relevant=relevant)
    against = ({name: paired(first.values[name], values) for name, values in one.values.items()} for one in others)
    return [first, *(replace(one, against=tests) for one, tests in zip(others, against, strict=True))]


def latency(milliseconds: Sequence[float]) -> Latency:
    """milliseconds: of one query at least."""
    median, p95 = np.percentile(milliseconds, (50, 95))
    return Latency(float(median), float(p95))


def latencies(answered: Sequence[Answered]) -> tuple[Latency | None, Latency | None]:
    """Of both stages, over the queries that each was asked; None where it was asked none."""
    asked = [one for one in answered if one.candidates]
    judged = [one.rerank_ms for one in asked if one.candidates[0].score is not None]
    recalled = [one.recall_ms for one in asked]
    return latency(recalled) if recalled else None, latency(judged) if judged else None
