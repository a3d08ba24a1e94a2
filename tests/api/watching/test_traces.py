"""Traces: a span per request with its stages in it, as the process that we run in has configured them."""

import sys

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from support.toy_service import COLLECTION

from api.watching import traces

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(scope="session")
def provider():
    """The process's own; it can be set once only."""
    provider = TracerProvider()
    trace.set_tracer_provider(provider)
    return provider


@pytest.fixture
def spans(provider):
    """The spans that have ended, by name, since they were last asked for."""
    exporter = InMemorySpanExporter()
    processor = SimpleSpanProcessor(exporter)
    provider.add_span_processor(processor)

    def told():
        found = {span.name: span for span in exporter.get_finished_spans()}
        exporter.clear()
        return found

    yield told
    exporter.shutdown()


def test_a_search_is_a_span_with_its_stages_in_it(spans, filled):
    spans()
    filled.post("/v1/search", json={"query": "red"}, headers={"traceparent": PARENT})
    found = spans()
    request = found.pop("POST /v1/search")
    assert request.kind is SpanKind.SERVER
    assert request.attributes["http.request.method"] == "POST"
    assert request.attributes["http.route"] == "/v1/search"
    assert request.attributes["http.response.status_code"] == 200
    assert f"{request.context.trace_id:032x}" == PARENT.split("-")[1]
    assert f"{request.parent.span_id:016x}" == PARENT.split("-")[2]
    assert set(found) == {"lychee.encode", "lychee.recall", "lychee.rerank"}
    for stage in found.values():
        assert stage.parent.span_id == request.context.span_id
        assert request.start_time <= stage.start_time <= stage.end_time <= request.end_time


def test_nothing_that_was_asked_is_in_a_span(spans, filled):
    spans()
    filled.post("/v1/search?q=geheim", json={"query": "geheim"})
    filled.get(f"/v1/collections/{COLLECTION}/items/geheim", params={"q": "geheim"})
    filled.get("/geheim")
    filled.post("/v1/rerank", json={"query": "geheim", "documents": ["geheim"], "top_k": -1})
    found = spans()
    assert len(found) >= 4
    for span in found.values():
        assert "geheim" not in span.to_json()
    assert found["GET /v1/collections/{name}/items/{item_id}"].attributes["http.response.status_code"] == 404


def test_a_stage_that_fails_says_so_and_does_not_quote(spans, client, reranker, monkeypatch):
    def fail(*_):
        raise RuntimeError("geheim")

    monkeypatch.setattr(reranker, "score", fail)
    spans()
    assert client.post("/v1/rerank", json={"query": "red", "documents": ["red"]}).status_code == 500
    found = spans()
    assert found["lychee.rerank"].status.status_code is StatusCode.ERROR
    assert found["lychee.rerank"].attributes["error.type"] == "RuntimeError"
    assert found["POST /v1/rerank"].status.status_code is StatusCode.ERROR
    assert all("geheim" not in span.to_json() for span in found.values())


def test_a_trace_id_that_is_none_is_passed_over(spans, client):
    for header in ("", "00-0-0-0", "00-" + "g" * 32 + "-" + "0" * 16 + "-01", "x" * 5000):
        spans()
        assert client.get("/v1/collections", headers={"traceparent": header}).status_code == 200
        assert spans()["GET /v1/collections"].parent is None


def test_those_who_look_whether_it_lives_leave_no_spans(spans, client):
    spans()
    for path in ("/health", "/ready", "/metrics"):
        assert client.get(path).status_code == 200
    assert spans() == {}


def test_without_the_library_stages_are_just_run(monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", None)
    without = traces.traces()
    assert isinstance(without, traces.NoTraces)
    with without.stage("encode"):
        without.veil({"type": "http"}, "/v1/search")


def test_where_the_exporter_is_not_installed_a_line_says_what_is_missing(monkeypatch, caplog):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    traces.export_traces()
    assert "lychee-search[traces]" in caplog.text
