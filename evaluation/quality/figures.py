"""Systems compared on the same queries: every measure with its interval, and the paired test against the first. Knows
no models and not what the systems are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from evaluation.quality.result import Answered
from measures.metrics import Estimate, PerQuery, Qrels, Run, mean_of, per_query
from measures.significance import Significance, paired

MEASURES: Final = ("nDCG@10", "MRR", "MAP", "recall@10", "hit@1")


@dataclass(frozen=True, slots=True)
class System:
    """values: each measure for every query, (queries,), in the order of the qrels. against: the difference to the first
    system, by measure; empty for that one itself."""

    name: str
    values: Mapping[str, PerQuery]
    estimates: Mapping[str, Estimate]
    against: Mapping[str, Significance]


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds that a query takes."""

    median: float
    p95: float


def compare(
    systems: Mapping[str, Run], qrels: Qrels, names: Sequence[str] = MEASURES, *, relevant: int = 1
) -> list[System]:
    """The systems in their order. names, relevant: as `measures.metrics.per_query` takes them, and what it raises."""
    compared: list[System] = []
    for name, run in systems.items():
        values = per_query(run, qrels, names, relevant=relevant)
        first = compared[0].values if compared else None
        compared.append(
            System(
                name,
                values,
                {one: mean_of(one, each) for one, each in values.items()},
                {} if first is None else {one: paired(first[one], each) for one, each in values.items()},
            )
        )
    return compared


def latency(milliseconds: Sequence[float]) -> Latency | None:
    """None for none."""
    if not milliseconds:
        return None
    median, p95 = np.percentile(milliseconds, (50, 95))
    return Latency(float(median), float(p95))


def latencies(answered: Sequence[Answered]) -> tuple[Latency | None, Latency | None]:
    """Of both stages, over the queries that each was asked."""
    asked = [one for one in answered if one.candidates]
    judged = [one.rerank_ms for one in asked if one.candidates[0].score is not None]
    return latency([one.recall_ms for one in asked]), latency(judged)
