"""A list with very many wrong entries, and an object with very many fields: what is wrong is told of one of them, in a
small multiple of the body's bytes, on every route."""

import json
import tracemalloc

import pytest
from support.toy_service import toy_service

MB = 1_000_000
MANY = 100_000
WRONG = [{"a": 1}] * MANY
PARTS = [{"type": "nothing"}] * MANY
FIELDS = {f"field {place}": 1 for place in range(MANY)}

BODIES = [
    ("/v1/rerank", {"query": "red", "documents": WRONG}),
    ("/v1/rerank", {"query": "red", "documents": [1] * MANY}),
    ("/v1/rerank", {"query": PARTS, "documents": ["red"]}),
    ("/v1/rerank", {"query": WRONG, "documents": ["red"]}),
    ("/v1/rerank", {"query": "red", "documents": [{"content": WRONG}]}),
    ("/v1/rerank", {"query": "red", "documents": ["red"], "rank_fields": [1] * MANY}),
    ("/v1/rerank", {"query": "red", "documents": ["red"], **FIELDS}),
    ("/v1/rerank", {"query": "red", "documents": [FIELDS]}),
    ("/rerank", {"query": "red", "texts": WRONG}),
    ("/rerank", {"query": "red", "documents": WRONG, "property": ""}),
    ("/rerank_batch", {"query": "red", "documents": WRONG}),
    ("/elasticsearch/rerank", {"query": "red", "texts": WRONG}),
    ("/elasticsearch/rerank", {"query": "red", "documents": WRONG}),
    ("/v1/score", {"queries": WRONG, "documents": "red"}),
    ("/v1/score", {"queries": "red", "documents": WRONG}),
    ("/api/predict/", {"data": ["", "red", WRONG]}),
    ("/v1/embeddings", {"input": WRONG}),
    ("/v1/embeddings", {"messages": [WRONG]}),
    ("/v1/embeddings", {"messages": [[{"a": 1}]] * MANY}),
    ("/v1/collections/toys/items", {"items": WRONG}),
    ("/v1/collections/toys/items", {"items": [FIELDS]}),
    ("/v1/search", {"query": WRONG}),
    ("/v1/search", {"query": "red", "channels": dict.fromkeys(FIELDS, "x")}),
    ("/v1/search", {"query": "red", **FIELDS}),
]


@pytest.fixture
def patient(start, settings, reranker):
    """A server that takes as many documents as these."""
    return start(settings.model_copy(update={"max_documents": MANY}), lambda given: toy_service(given, reranker))


@pytest.mark.parametrize(("path", "body"), [pytest.param(*each, id=f"{each[0]}-{i}") for i, each in enumerate(BODIES)])
def test_one_wrong_entry_is_told_of_and_not_all(patient, path, body):
    sent = json.dumps(body).encode()
    tracemalloc.start()
    try:
        answer = patient.post(path, content=sent, headers={"Content-Type": "application/json"})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.status_code == 422, answer.text
    assert len(answer.content) < 2000
    assert peak < 20 * len(sent) + 10 * MB  # parsed it takes some twenty times its bytes; gathered errors, hundreds
