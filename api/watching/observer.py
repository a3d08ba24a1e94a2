"""The stages and steps of the engine, as metrics and as spans. Knows nothing of requests."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from api.watching.metrics import Metrics
from api.watching.traces import Traces
from search.observer import Stage


class WatchingObserver:
    """What a Service is told to tell: an Observer."""

    def __init__(self, metrics: Metrics, traces: Traces) -> None:
        self._metrics = metrics
        self._traces = traces

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        begin = perf_counter()
        try:
            with self._traces.stage(stage):
                yield
        finally:
            self._metrics.stage_seconds.labels(stage).observe(perf_counter() - begin)

    def step(self, *, documents: int, tokens: int, seconds: float) -> None:
        self._metrics.batch_documents.observe(documents)
        self._metrics.batch_tokens.observe(tokens)
        self._metrics.batch_seconds.observe(seconds)
