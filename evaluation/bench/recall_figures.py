"""What `lychee bench recall` finds out, as figures. Measures nothing."""

from dataclasses import dataclass

import numpy as np

from evaluation.bench.recall_catalogue import Filling
from evaluation.bench.recall_exact import recall
from evaluation.bench.recall_indexes import Cost
from evaluation.bench.recall_pool import Rows
from evaluation.bench.recall_speed import Searches
from evaluation.bench.recall_updates import Update


@dataclass(frozen=True, slots=True)
class PointFigures:
    """One index with one setting. recall: of the exact top 100. ms: percentiles of single searches. of_flat: p50 by
    that of Flat."""

    label: str
    recall: float
    p50_ms: float
    p95_ms: float
    of_flat: float


@dataclass(frozen=True, slots=True)
class RetrieverFigures:
    """A search through the retriever beside the same index called directly, query by query. added_ms: median of the
    differences. recall: of the retriever. fresh: vectors that the index holds as they are, beside its codes."""

    bare_p50_ms: float
    p50_ms: float
    p95_ms: float
    added_ms: float
    recall: float
    fresh: int

    @property
    def added_share(self) -> float:
        return self.added_ms / self.bare_p50_ms


@dataclass(frozen=True, slots=True)
class FilterFigures:
    """Filters that were never asked before, each with a query of its own; kept: share of the items, on average.
    scan_ms: median of Flat without a filter, beside them."""

    form: str
    share: float
    kept: float
    recall: float
    p50_ms: float
    worst_ms: float
    scan_ms: float


@dataclass(frozen=True, slots=True)
class Figures:
    """filling: of the collection; None where an earlier run made it."""

    points: tuple[PointFigures, ...]
    costs: tuple[Cost, ...]
    filling: Filling | None
    retriever: RetrieverFigures
    filters: tuple[FilterFigures, ...]
    updates: tuple[Update, ...]


def compared(bare: Searches, whole: Searches, exact: Rows, fresh: int) -> RetrieverFigures:
    """bare, whole: of the same queries, by turns."""
    added = float(np.median(np.subtract(whole.ms, bare.ms)))
    return RetrieverFigures(bare.p50, whole.p50, whole.p95, added, recall(whole.rows, exact), fresh)
