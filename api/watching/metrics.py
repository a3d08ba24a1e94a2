"""What one app counts and times, for Prometheus: requests, stages, and runs of stage 2's model. Knows neither ASGI nor
the models."""

from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

MEDIA_TYPE: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
_STEP_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_TOKENS: Final = (64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
_DOCUMENTS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """A registry of its own, so that several apps in one process do not count each other's requests."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        self.requests = Counter(
            "lychee_http_requests_total",
            "Requests that were answered; 499 is a caller who left before that.",
            ["method", "route", "status"],
            registry=registry,
        )
        self.request_seconds = Histogram(
            "lychee_http_request_seconds",
            "Time from a request's first byte to its answer's last.",
            ["method", "route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.in_progress = Gauge(
            "lychee_http_requests_in_progress", "Requests that are being read or answered now.", registry=registry
        )
        self.stage_seconds = Histogram(
            "lychee_stage_seconds",
            "Time of one stage of one request, waiting for the device included.",
            ["stage"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.batch_tokens = Histogram(
            "lychee_rerank_batch_tokens",
            "Tokens of the prompts in one run of stage 2's model.",
            buckets=_TOKENS,
            registry=registry,
        )
        self.batch_documents = Histogram(
            "lychee_rerank_batch_documents",
            "Documents in one run of stage 2's model.",
            buckets=_DOCUMENTS,
            registry=registry,
        )
        self.batch_seconds = Histogram(
            "lychee_rerank_batch_seconds",
            "Time of one run of stage 2's model on the device.",
            buckets=_STEP_SECONDS,
            registry=registry,
        )

    def exposition(self) -> bytes:
        """All of it as Prometheus reads it, of the type MEDIA_TYPE."""
        return generate_latest(self.registry)
