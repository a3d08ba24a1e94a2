"""What is made of a body takes more memory than its bytes: that counts too, for as long as the request is answered."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.toy_service import toy_service

from api.json_size import values_of

JSON = {"Content-Type": "application/json"}
VALUES = 30_000  # 5.4 MB of memory by the count, out of half a megabyte


@pytest.fixture
def tight(start, settings, reranker):
    """A server that lets 8 MB wait; its requests with the model wait at the reranker's gate."""
    client = start(
        settings.model_copy(update={"max_waiting_bytes": 8_000_000}), lambda given: toy_service(given, reranker)
    )
    assert client.post("/v1/collections/toys/items", json={"items": [{"id": "a", "text": "a"}]}).status_code == 200
    return client


def parts(count=VALUES):
    document = {"content": [{"type": "text", "text": "a"}] * 500}  # two values each
    return json.dumps({"query": "a", "documents": [document] * (count // 1000)}).encode()


def test_values_that_wait_are_counted_and_let_go(tight, reranker):
    reranker.gate.clear()
    reranker.waiting.clear()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(tight.post, "/v1/rerank", content=parts(), headers=JSON)
        assert reranker.waiting.wait(10)
        refused = tight.post("/v1/rerank", content=parts(), headers=JSON)
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) >= 1
        assert tight.post("/v1/search", json={"query": 3}).status_code == 422  # which is few
        reranker.gate.set()
        assert waiting.result().status_code == 200
    for _ in range(3):
        assert tight.post("/v1/rerank", content=parts(), headers=JSON).status_code == 200


def test_who_would_need_more_than_there_is_gets_all_of_it(tight):
    for _ in range(2):
        assert tight.post("/v1/rerank", content=parts(5 * VALUES), headers=JSON).status_code == 200


@pytest.mark.parametrize(
    ("body", "least", "most"),
    [
        (b"[]", 0, 0),
        (b"[" + b",".join([b"{}"] * 1000) + b"]", 0, 0),
        (b"[" + b",".join([b"{}"] * 30_000) + b"]", 60_000, 60_001),
        (b"[" + b",".join([b'"a"'] * 30_000) + b"]", 30_000, 30_001),
        (b'["' + b",[{" * 100_000 + b'"]', 0, 0),
        (b'["' + b'\\",[{\\\\' * 100_000 + b'"]', 0, 0),
    ],
)
def test_values_are_counted_but_what_texts_hold_is_not(body, least, most):
    assert least <= values_of(body) <= most
