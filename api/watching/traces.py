"""Spans for OpenTelemetry, where it is installed; the only file that knows it. FastAPI itself makes a span per request,
named by its route, and takes up the caller's trace; here are the stages within, and what a span must not say."""

import logging
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Final, Protocol

from starlette.types import Scope

from search.observer import Stage

if TYPE_CHECKING:
    from fastapi.telemetry import TelemetryConfig
    from opentelemetry.trace import Tracer

logger = logging.getLogger(__name__)

_NAME: Final = "lychee-search"
_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROBES: Final = ("/health", "/ready", "/metrics")  # asked every few seconds, and nobody looks for what they took

# For FastAPI. operation_spans: its own inner steps, which are microseconds. logs: the messages of errors, which may
# hold what was searched for. auto_configure: `export_traces` does it.
TELEMETRY: Final["TelemetryConfig"] = {
    "operation_spans": False,
    "logs": False,
    "auto_configure": False,
    "exclude": lambda scope: scope["path"] in _PROBES,
}


class Traces(Protocol):
    def stage(self, stage: Stage) -> AbstractContextManager[object]:
        """A span around a stage, in that of the request it belongs to."""

    def veil(self, scope: Scope, route: str) -> None:
        """Puts the route in the place of the path in the request's span: ids may be words of the caller's."""


class NoTraces:
    def stage(self, stage: Stage) -> AbstractContextManager[object]:
        return nullcontext()

    def veil(self, scope: Scope, route: str) -> None:
        pass


class OpenTelemetryTraces:
    """Spans go to the provider that the process has configured, and nowhere where it has none."""

    def __init__(self, tracer: "Tracer") -> None:
        from opentelemetry.trace import StatusCode, get_current_span

        self._tracer = tracer
        self._current = get_current_span
        self._failed = StatusCode.ERROR

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[object]:
        # The library would write the message of an error on the span, and messages quote.
        with self._tracer.start_as_current_span(
            f"lychee.{stage}", record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except Exception as error:
                span.set_attribute("error.type", type(error).__qualname__)
                span.set_status(self._failed)
                raise

    def veil(self, scope: Scope, route: str) -> None:
        span = self._current()
        if span.is_recording():
            span.set_attribute("url.path", route)
            if scope.get("query_string"):
                span.set_attribute("url.query", "")


def traces() -> Traces:
    try:
        from opentelemetry.trace import get_tracer
    except ImportError:
        return NoTraces()
    return OpenTelemetryTraces(get_tracer(_NAME))


def export_traces() -> None:
    """Sends spans to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names, over OTLP/HTTP; nothing where it names none.
    For a process of our own: others configure what they like."""
    if not any(os.environ.get(name) for name in _ENDPOINTS):
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.trace import set_tracer_provider
    except ImportError as error:
        logger.warning("no traces are sent: %s is not installed; pip install 'lychee-search[traces]'", error.name)
        return
    name = os.environ.get("OTEL_SERVICE_NAME") or _NAME
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    set_tracer_provider(provider)
