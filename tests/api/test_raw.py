"""What a judge in words wrote reaches the client, and judges without words send no such field."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from support.toy_reranker import ToyReranker
from support.toy_service import COLLECTION, toy_service

from content import Content, Document
from reranker import Judgement


class TalkingReranker(ToyReranker):
    def score(self, instruction: str | None, query: Content, documents: Sequence[Document]) -> list[Judgement]:
        return [
            replace(each, raw=f"Score: {10 * each.score:g}") for each in super().score(instruction, query, documents)
        ]


@pytest.fixture
def reranker():
    return TalkingReranker()


def test_search_and_batch_show_what_was_written(client):
    client.post(f"/v1/collections/{COLLECTION}/items", json={"items": [{"text": "red mug"}]})

    (hit,) = client.post("/v1/search", json={"query": "red"}).json()["hits"]
    batch = client.post("/rerank_batch", json={"query": "red mug", "documents": ["red", "blue"]}).json()

    assert (hit["score"], hit["raw"]) == (1.0, "Score: 10")
    assert [result["raw"] for result in batch["results"]] == ["Score: 5", "Score: 0"]


def test_without_words_there_is_no_field(start, settings):
    client = start(settings, lambda given: toy_service(given, ToyReranker()))
    (result,) = client.post("/rerank_batch", json={"query": "red mug", "documents": ["red"]}).json()["results"]
    assert "raw" not in result
