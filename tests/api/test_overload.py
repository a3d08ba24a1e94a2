"""More requests than the models can answer, and requests that take too long."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.toy_service import COLLECTION, base64_of, half_a_picture, toy_service

from content.errors import Busy

BODY = {"query": "red", "documents": ["red", "blue"]}
ITEMS = f"/v1/collections/{COLLECTION}/items"


def until_busy(worker):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            worker.check_room()
        except Busy:
            return
        time.sleep(0.005)
    raise AssertionError("nobody waits for the models")


def test_beyond_the_number_that_may_wait_the_answer_is_429_at_once(start, settings, reranker):
    services = []

    def load(given):
        services.append(toy_service(given, reranker))
        return services[0]

    client = start(settings.model_copy(update={"max_requests": 2}), load)
    assert client.post(ITEMS, json={"items": [{"id": "a", "text": "red"}]}).status_code == 200
    reranker.gate.clear()
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(client.post, "/v1/rerank", json=BODY) for _ in range(2)]
        until_busy(services[0].worker)
        refused = [
            client.post("/v1/rerank", json=BODY),
            client.post("/rerank_batch", json={"query": {"text": "red"}, "documents": [{"text": "red"}]}),
            client.post("/v1/search", json={"query": "red"}),
            client.post("/v1/search", json={"query": {"image": base64_of(half_a_picture())}}),  # not even decoded
            client.post(ITEMS, json={"items": [{"id": "b", "text": "blue"}]}),
        ]
        answered = [client.get(path).status_code for path in ("/health", "/ready", f"{ITEMS}/a")]
        reranker.gate.set()
        assert [each.result().status_code for each in waiting] == [200, 200]

    for answer in refused:
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) >= 1
        assert answer.json()["error"]["type"] == "busy"
        assert "2 requests" in answer.json()["error"]["message"]
    assert answered == [200, 200, 200]
    assert client.get(f"{ITEMS}/b").status_code == 404
    assert client.post("/v1/rerank", json=BODY).status_code == 200


def test_a_request_that_takes_too_long_is_given_up_and_harms_nobody(start, settings, reranker):
    client = start(settings.model_copy(update={"request_timeout_s": 0.5}), lambda given: toy_service(given, reranker))
    reranker.gate.clear()

    late = client.post("/v1/rerank", json=BODY)

    assert late.status_code == 504
    assert late.json()["error"]["type"] == "timeout"
    assert "0.5 s" in late.json()["error"]["message"]
    reranker.gate.set()
    assert client.post("/v1/rerank", json=BODY).status_code == 200


@pytest.mark.parametrize("number", [7, 50])
def test_as_many_requests_as_may_wait_are_all_answered(start, settings, reranker, number):
    """Each keeps a thread while it waits, and there are more of those than a server has by default."""
    roomy = settings.model_copy(update={"max_requests": number, "request_timeout_s": 0})
    client = start(roomy, lambda given: toy_service(given, reranker))
    reranker.gate.clear()
    with ThreadPoolExecutor(number) as threads:
        waiting = [threads.submit(client.post, "/v1/rerank", json=BODY) for _ in range(number)]
        assert reranker.waiting.wait(30)
        assert client.get("/v1/collections").status_code == 200
        reranker.gate.set()
        assert {each.result().status_code for each in waiting} == {200}


@pytest.mark.parametrize(("given", "seconds"), [("0.25", "0.25"), ("2.5e-1", "0.25"), ("300", "0.5"), (".3", "0.3")])
def test_a_caller_may_wait_shorter_than_the_server_does(start, settings, reranker, given, seconds):
    client = start(settings.model_copy(update={"request_timeout_s": 0.5}), lambda given: toy_service(given, reranker))
    reranker.gate.clear()
    late = client.post("/v1/rerank", json=BODY, headers={"X-Request-Timeout": given})
    reranker.gate.set()

    assert late.status_code == 504
    assert f"{seconds} s" in late.json()["error"]["message"]


@pytest.mark.parametrize(
    "given", ["0", "-1", "soon", "", "nan", "inf", "1e999", "1_0", "5 s", "1,5", "9" * 500, "\u0663"]
)
def test_a_deadline_that_is_none_is_refused_by_name(idle, given):
    answer = idle.post("/v1/rerank", json=BODY, headers={"X-Request-Timeout": given.encode()})

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "X-Request-Timeout")
    assert "greater than 0" in answer.json()["error"]["message"]
    assert len(answer.json()["error"]["message"]) < 200


@pytest.mark.parametrize("given", ["1", "0.5", "1e300"])
def test_a_deadline_that_is_met_changes_nothing(start, settings, reranker, given):
    endless = settings.model_copy(update={"request_timeout_s": 0})
    client = start(endless, lambda given: toy_service(given, reranker))
    assert client.post("/v1/rerank", json=BODY, headers={"X-Request-Timeout": given}).status_code == 200


def test_every_route_that_uses_the_models_tells_of_the_deadline(idle):
    paths = idle.get("/openapi.json").json()["paths"]
    told = {
        path: [each["schema"] for each in methods["post"].get("parameters", ()) if each["name"] == "X-Request-Timeout"]
        for path, methods in paths.items()
        if "post" in methods and path not in ("/v1/models/reload", "/v1/models/back")  # a change is not given up
    }
    assert told
    for path, schemas in told.items():
        assert [(schema["type"], schema["exclusiveMinimum"]) for schema in schemas] == [("number", 0)], path
