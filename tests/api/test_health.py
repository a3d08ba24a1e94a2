"""Liveness and readiness, while models load, when they fail to, and while others compute."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient
from support.toy_service import COLLECTION, toy_service

from api.app import create_app
from content import Content
from content.errors import ModelError, NotReady


def test_while_models_load_health_answers_and_nothing_else_does(start, settings, reranker):
    loaded = threading.Event()

    def load(given):
        assert loaded.wait(30)
        return toy_service(given, reranker)

    client = start(settings, load, wait=False)
    assert client.get("/health").json()["status"] == "alive"
    answers = [client.get("/ready"), client.get("/v1/collections"), client.post("/v1/search", json={"query": "a"})]
    for answer in answers:
        assert answer.status_code == 503
        assert answer.json()["error"]["type"] == "not_ready"
        assert "loading" in answer.json()["error"]["message"]
    loaded.set()
    deadline = time.monotonic() + 10
    while client.get("/ready").status_code != 200:
        assert time.monotonic() < deadline
    assert client.get("/ready").json() == {
        "status": "ready",
        "encoder": "toy-16",
        "reranker": "toy-reranker",
        "collection": COLLECTION,
        "items": 0,
        "picture_cache": None,
    }


def test_what_the_picture_cache_saved_is_told(remembering):
    assert remembering.get("/ready").json()["picture_cache"] == {
        "memory_hits": 1, "disk_hits": 0, "misses": 1, "memory_pictures": 1, "memory_bytes": 160,
        "disk_pictures": 0, "disk_bytes": 0, "not_written": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("error", "reason"),
    [(ModelError("the folder models/x has no config.json"), "no config.json"), (RuntimeError("boom"), "RuntimeError")],
)
def test_when_loading_fails_the_process_keeps_telling(start, settings, error, reason, caplog):
    def load(_):
        raise error

    caplog.set_level("INFO")
    client = start(settings, load)
    for _ in range(2):
        answer = client.get("/ready")
        assert answer.status_code == 503
        assert reason in answer.json()["error"]["message"]
    assert reason in client.post("/v1/search", json={"query": "a"}).json()["error"]["message"]
    assert client.get("/health").status_code == 200
    assert "could not be loaded" in caplog.text


def test_without_the_default_collection_it_is_not_ready_until_that_is_made(start, settings, reranker):
    def load(given):
        service = toy_service(given, reranker)
        service.library.drop(COLLECTION)
        return service

    client = start(settings, load)
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert COLLECTION in answer.json()["error"]["message"]
    assert client.put(f"/v1/collections/{COLLECTION}").status_code == 201
    assert client.get("/ready").status_code == 200


def test_searches_that_compute_keep_nobody_from_health_and_readiness(filled, reranker):
    reranker.gate.clear()
    with ThreadPoolExecutor(60) as threads:
        searches = [threads.submit(filled.post, "/v1/search", json={"query": "red"}) for _ in range(60)]
        assert reranker.waiting.wait(10)
        times = []
        for path in ["/health", "/ready", "/metrics"] * 5:
            begin = time.perf_counter()
            assert filled.get(path).status_code == 200
            times.append(time.perf_counter() - begin)
        assert not any(search.done() for search in searches)
        reranker.gate.set()
        assert {search.result().status_code for search in searches} == {200}
    assert sorted(times)[len(times) // 2] < 0.2


def test_strangers_who_ask_at_once_take_few_threads(start, settings, reranker):
    proceed, asking = threading.Event(), []

    def load(given):
        service = toy_service(given, reranker)
        find = service.engine
        service.engine = lambda: (asking.append(None), proceed.wait(30), find())[-1]
        return service

    client = start(settings, load, wait=False)
    while client.get("/v1/models").status_code != 200:
        time.sleep(0.01)
    with ThreadPoolExecutor(40) as threads:
        paths = ["/ready", "/.well-known/ready"] * 20
        answers = [threads.submit(client.get, path) for path in paths]
        until = time.monotonic() + 1
        while time.monotonic() < until and len(asking) <= 4:
            time.sleep(0.01)
        at_once = len(asking)
        proceed.set()
        assert [answer.result().status_code for answer in answers] == [200, 204] * 20
    assert 1 < at_once <= 4


def test_the_end_of_the_app_closes_the_service(settings, reranker):
    services = []

    def load(given):
        services.append(toy_service(given, reranker))
        return services[0]

    with TestClient(create_app(settings, load), base_url="http://127.0.0.1") as client:
        while client.get("/ready").status_code != 200:
            time.sleep(0.01)
    with pytest.raises(NotReady, match="closed"):
        services[0].rerank(Content(text="red"), [Content(text="red")])


def test_a_service_that_comes_after_the_end_is_closed_too(settings, reranker):
    loaded, closed = threading.Event(), threading.Event()

    def load(given):
        assert loaded.wait(30)
        service = toy_service(given, reranker)
        close = service.close
        service.close = lambda: (close(), closed.set())
        return service

    with TestClient(create_app(settings, load), base_url="http://127.0.0.1") as client:
        assert client.get("/ready").status_code == 503
    loaded.set()
    assert closed.wait(10)
