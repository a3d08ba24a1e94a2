"""Documents that are too many are counted before anything is made of them."""

import json
import tracemalloc

import pytest

MB = 1_000_000
MANY = [{"text": ""}] * 150_000


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        ("/v1/rerank", {"query": "red", "documents": MANY}, "documents"),
        ("/rerank", {"query": "red", "texts": MANY}, "texts"),
        ("/elasticsearch/rerank", {"query": "red", "texts": MANY}, "texts"),
        ("/rerank_batch", {"query": "red", "documents": MANY}, "documents"),
        ("/api/predict/", {"data": ["", "red", MANY]}, "data[2]"),
        ("/v1/score", {"queries": MANY, "items": "red"}, "queries"),
        ("/v1/score", {"text_1": "red", "text_2": MANY}, "text_2"),
        ("/v1/embeddings", {"input": MANY}, "input"),
    ],
)
def test_well_formed_documents_cost_little_more_than_their_parsing(idle, path, body, named):
    sent = json.dumps(body).encode()
    tracemalloc.start()
    try:
        answer = idle.post(path, content=sent, headers={"Content-Type": "application/json"})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.status_code == 413, answer.text
    assert f"`{named}` has 150,000 entries; at most 1,000" in answer.text
    assert peak < 60 * MB


@pytest.mark.parametrize("form", [lambda parts: parts, lambda parts: {"content": parts}])
def test_parts_of_one_content_are_bounded(idle, form):
    parts = [{"type": "text", "text": "red"}] * 1001
    answer = idle.post("/v1/rerank", json={"query": "red", "documents": [form(parts)]})
    assert answer.status_code == 422
    assert "at most 1000" in answer.text
    assert idle.post("/v1/rerank", json={"query": "red", "documents": [form(parts[1:])]}).status_code == 200
