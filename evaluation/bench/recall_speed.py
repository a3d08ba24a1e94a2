"""Times single searches, several that take turns, so that all meet the same machine. Knows no index."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from evaluation.bench.recall_pool import Rows, spans
from indexer.protocols import Vectors

DEPTH: Final = 100  # recall@100
_TURN: Final = 20  # queries
_WARM_UP: Final = 5

Search = Callable[[Vectors], Rows]  # (1, d) -> (k,); -1 where there are fewer


@dataclass(frozen=True, slots=True)
class Searches:
    """ms: of each query. rows (q, k): what was found."""

    ms: tuple[float, ...]
    rows: Rows

    @property
    def p50(self) -> float:
        return float(np.percentile(self.ms, 50))

    @property
    def p95(self) -> float:
        return float(np.percentile(self.ms, 95))


def by_turns(searches: Sequence[Search], queries: Vectors, turn: int = _TURN) -> list[Searches]:
    """Each search with every query, one a call. turn: queries of one search before it is the next one's turn; who
    begins changes too."""
    for search in searches:
        for query in queries[:_WARM_UP]:
            search(query[np.newaxis])
    ms: list[list[float]] = [[] for _ in searches]
    rows: list[list[Rows]] = [[] for _ in searches]
    for number, (start, stop) in enumerate(spans(len(queries), turn)):
        for place in range(len(searches)):
            which = (place + number) % len(searches)
            for query in queries[start:stop]:
                found, took = timed(searches[which], query)
                ms[which].append(took)
                rows[which].append(found)
    return [Searches(tuple(times), np.stack(found)) for times, found in zip(ms, rows, strict=True)]


def timed(search: Search, query: Vectors) -> tuple[Rows, float]:
    """query (d,) -> what was found, and milliseconds."""
    begin = time.perf_counter()
    found = search(query[np.newaxis])
    return found, 1000 * (time.perf_counter() - begin)
