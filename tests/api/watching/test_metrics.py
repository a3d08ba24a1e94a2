"""/metrics: what is counted and timed, by which names, and that nothing keeps it from answering."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client.parser import text_string_to_metric_families
from support.toy_service import COLLECTION, toy_service

from api.watching.metrics import Metrics


def samples(client):
    """Every sample of /metrics: (name, labels) -> value."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(client, name, **labels):
    return samples(client).get((name, frozenset(labels.items())), 0)


def routes(client):
    """The requests by route and status, without those for /ready and /metrics, which tests send themselves."""
    found = {
        (dict(labels)["method"], dict(labels)["route"], dict(labels)["status"]): count
        for (name, labels), count in samples(client).items()
        if name == "lychee_http_requests_total"
    }
    return {key: count for key, count in found.items() if key[1] not in ("/ready", "/metrics")}


def test_requests_are_counted_by_the_template_of_their_route_whatever_their_path(client):
    for name in ("a", "b/c", "d?limit=1", "%E7%BA%A2"):
        client.get(f"/v1/collections/{COLLECTION}/items/{name}")
        client.get(f"/nowhere/{name}")
    client.request("BREW", "/v1/search")
    client.post("/v1/search", json={"query": ""})
    client.delete("/v1/search")
    assert routes(client) == {
        ("GET", "/v1/collections/{name}/items/{item_id}", "404"): 4,
        ("GET", "none", "404"): 4,
        ("other", "/v1/search", "405"): 1,
        ("POST", "/v1/search", "400"): 1,
        ("DELETE", "/v1/search", "405"): 1,
    }
    seconds = samples(client)
    where = frozenset({"method": "GET", "route": "none"}.items())
    assert seconds["lychee_http_request_seconds_count", where] == 4
    assert 0 < seconds["lychee_http_request_seconds_sum", where] < 4


def test_an_unknown_error_is_counted_as_the_500_that_is_sent(client, reranker, monkeypatch):
    def fail(*_):
        raise RuntimeError("boom")

    monkeypatch.setattr(reranker, "score", fail)
    client.post("/v1/rerank", json={"query": "red", "documents": ["red"]})
    assert ("POST", "/v1/rerank", "500") in routes(client)


def test_the_stages_of_a_search_and_the_runs_of_its_model_are_timed(filled):
    for _ in range(2):
        assert filled.post("/v1/search", json={"query": "red"}).status_code == 200
    filled.post("/v1/search", json={"query": "red", "rerank": False})
    counts = {
        stage: value(filled, "lychee_stage_seconds_count", stage=stage)
        for stage in ("encode", "recall", "rerank", "ingest")
    }
    assert counts == {"encode": 3, "recall": 3, "rerank": 2, "ingest": 1}
    assert value(filled, "lychee_stage_seconds_sum", stage="rerank") > 0
    assert value(filled, "lychee_rerank_batch_documents_sum") == 12
    assert value(filled, "lychee_rerank_batch_tokens_sum") > 12
    steps = value(filled, "lychee_rerank_batch_seconds_count")
    assert steps == value(filled, "lychee_rerank_batch_tokens_count") >= 2


def test_scores_are_not_told(filled):
    filled.post("/v1/search", json={"query": "red"})
    assert "score" not in filled.get("/metrics").text


def test_a_full_queue_is_seen_while_it_is_full(start, settings, reranker):
    client = start(settings.model_copy(update={"max_requests": 2}), lambda given: toy_service(given, reranker))
    reranker.gate.clear()
    body = {"query": "red", "documents": ["red"]}
    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(client.post, "/v1/rerank", json=body) for _ in range(2)]
        assert reranker.waiting.wait(10)
        while value(client, "lychee_queue_depth") < 2:
            assert not any(each.done() for each in running)
        assert client.post("/v1/rerank", json=body).status_code == 429
        assert value(client, "lychee_queue_limit") == 2
        assert value(client, "lychee_http_requests_in_progress") == 3  # this one too
        reranker.gate.set()
        assert {each.result().status_code for each in running} == {200}
    assert value(client, "lychee_queue_depth") == 0
    assert routes(client) == {("POST", "/v1/rerank", "200"): 2, ("POST", "/v1/rerank", "429"): 1}


def test_open_collections_are_told_with_their_sizes_and_others_stay_closed(filled):
    filled.put("/v1/collections/other")
    assert value(filled, "lychee_collection_items", collection=COLLECTION) == 6
    assert value(filled, "lychee_collection_vectors", collection=COLLECTION, channel="image") == 3
    assert value(filled, "lychee_collection_vectors", collection=COLLECTION, channel="text") == 3
    assert value(filled, "lychee_collection_store_bytes", collection=COLLECTION) > 1000
    assert value(filled, "lychee_collections_open") == 2
    filled.delete("/v1/collections/other")
    assert value(filled, "lychee_collections_open") == 1
    assert "other" not in {dict(labels).get("collection") for _, labels in samples(filled)}


def test_a_collection_that_nobody_asked_for_is_not_opened_for_being_counted(start, settings, reranker):
    def load(given):
        service = toy_service(given, reranker)
        service.library.close()
        return service

    client = start(settings, load, wait=False)
    while not value(client, "lychee_models_loaded"):
        pass
    assert value(client, "lychee_collections_open") == 0
    client.post("/v1/search", json={"query": "red"})
    assert value(client, "lychee_collections_open") == 1


def test_the_models_are_named_and_the_picture_cache_is_counted(remembering):
    assert value(remembering, "lychee_model_info", stage="encoder", model="toy-16") == 1
    assert value(remembering, "lychee_model_info", stage="reranker", model="toy-reranker") == 1
    assert value(remembering, "lychee_picture_cache_hits_total", place="memory") == 1
    assert value(remembering, "lychee_picture_cache_misses_total") == 1
    assert value(remembering, "lychee_picture_cache_bytes", place="memory") == 160


def test_it_answers_while_the_models_load(start, settings, reranker):
    loaded = threading.Event()

    def load(given):
        assert loaded.wait(30)
        return toy_service(given, reranker)

    client = start(settings, load, wait=False)
    assert value(client, "lychee_models_loaded") == 0
    assert value(client, "process_resident_memory_bytes") > 10**6
    loaded.set()
    while not value(client, "lychee_models_loaded"):
        pass


def test_two_apps_in_a_process_do_not_count_each_others_requests(start, settings, reranker, tmp_path):
    first = start(settings, lambda given: toy_service(given, reranker))
    elsewhere = settings.model_copy(update={"collections": tmp_path / "elsewhere"})
    second = start(elsewhere, lambda given: toy_service(given, reranker))
    first.get("/v1/collections")
    assert routes(first) == {("GET", "/v1/collections", "200"): 1}
    assert routes(second) == {}


def test_every_metric_of_ours_has_a_good_name_and_a_sentence(filled):
    families = list(text_string_to_metric_families(filled.get("/metrics").text))
    ours = [family for family in families if not family.name.startswith(("process_", "python_"))]
    assert len(ours) > 15
    for family in ours:
        assert family.name.startswith("lychee_")
        assert family.documentation.endswith(".")
        assert not family.name.endswith(("_ms", "_mb"))


@pytest.mark.parametrize("stage", ["encode", "rerank"])
def test_a_stage_that_fails_is_timed_too(stage):
    from api.watching.observer import WatchingObserver
    from api.watching.traces import NoTraces

    metrics = Metrics()
    with pytest.raises(ValueError, match="boom"), WatchingObserver(metrics, NoTraces()).stage(stage):
        raise ValueError("boom")
    assert metrics.registry.get_sample_value("lychee_stage_seconds_count", {"stage": stage}) == 1


def test_nothing_that_was_sent_is_told(client):
    client.post("/v1/rerank?token=geheim", json={"query": "geheim", "documents": ["geheim"]})
    assert "geheim" not in client.get("/metrics").text
