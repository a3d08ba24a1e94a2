"""Rerank as Text Embeddings Inference has it."""

import pytest
from support.toy_reranker import ToyReranker
from support.toy_service import data_uri, toy_service

from reranker.protocol import Judgement


class WithLogits(ToyReranker):
    """Each word that is there is worth two logits."""

    def _judge(self, wanted, document):
        judgement = super()._judge(wanted, document)
        if judgement.error is not None:
            return judgement
        return Judgement(judgement.score, logits=(judgement.score * 2, -1.0), tokens=judgement.tokens)


def rerank(client, **body):
    answer = client.post("/rerank", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("path", ["/rerank", "/v1/rerank", "/v2/rerank"])
def test_texts_are_answered_with_a_bare_list_best_first(idle, path):
    body = {"query": "red mug", "texts": ["blue", "red mug", "red"], "truncate": True, "truncation_direction": "Right"}
    answer = idle.post(path, json=body)
    assert answer.json() == [{"index": 1, "score": 1.0}, {"index": 2, "score": 0.5}, {"index": 0, "score": 0.0}]
    assert '"score":1.0' in answer.text


def test_the_best_are_given_where_only_they_are_wanted(idle):
    body = {"query": "red mug", "texts": ["blue", "red mug", "red"]}
    assert [each["index"] for each in rerank(idle, **body, top_n=2)] == [1, 2]
    assert [each["index"] for each in rerank(idle, **body, top_n=0)] == [1, 2, 0]


def test_texts_come_back_on_request_and_pictures_never(idle):
    texts = ["red", {"image": data_uri("red")}]
    assert rerank(idle, query="red", texts=texts, return_text=True) == [
        {"index": 0, "score": 1.0, "text": "red"},
        {"index": 1, "score": 1.0},
    ]


def test_an_item_of_a_collection_stands_for_its_picture(filled):
    texts = [{"id": "picture/blue"}, {"id": "picture/red"}]
    assert rerank(filled, query="red", texts=texts) == [{"index": 1, "score": 1.0}, {"index": 0, "score": 0.0}]


def test_a_text_that_cannot_be_judged_is_last_with_the_reason(idle):
    results = rerank(idle, query="red", texts=["", "red"])
    assert results[0] == {"index": 1, "score": 1.0}
    assert (results[1]["index"], results[1]["score"]) == (0, 0.0)
    assert "neither" in results[1]["error"]


def test_raw_scores_are_the_differences_of_the_logits(start, settings):
    client = start(settings, lambda given: toy_service(given, WithLogits()))
    body = {"query": "red mug", "texts": ["blue", "red mug"]}
    assert rerank(client, **body, raw_scores=True) == [{"index": 1, "score": 3.0}, {"index": 0, "score": 1.0}]
    assert rerank(client, **body) == [{"index": 1, "score": 1.0}, {"index": 0, "score": 0.0}]
    refused = client.post("/rerank", json={"query": "red", "texts": ["red", ""], "raw_scores": True})
    assert refused.status_code == 400
    assert "texts[1] was not judged" in refused.json()["error"]


def test_raw_scores_of_a_judge_without_logits_are_refused(idle):
    answer = idle.post("/rerank", json={"query": "red", "texts": ["red"], "raw_scores": True})
    assert answer.status_code == 400
    assert "raw_scores" in answer.json()["error"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"texts": ["a"]}, 422, "`query` is required"),
        ({"query": "a", "texts": []}, 422, "`texts` must have at least 1"),
        ({"query": "a", "texts": ["b", 5]}, 422, "`texts[1]` must be a string"),
        ({"query": "a", "texts": ["b"], "top_k": 1}, 422, "`top_k` is not a field"),
        ({"query": "", "texts": ["b"]}, 400, "`query`"),
        ({"query": "a", "texts": ["b"] * 1001}, 413, "`texts` has 1,001 entries; at most 1,000"),
    ],
)
def test_errors_have_the_form_that_its_clients_read(idle, body, status, words):
    answer = idle.post("/rerank", json=body)
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"error", "error_type"}
    assert words in answer.json()["error"]
    assert answer.json()["error_type"] == "Validation"


def test_a_server_without_stage_2_is_unhealthy(start, settings):
    client = start(settings, lambda given: toy_service(given, None))
    answer = client.post("/rerank", json={"query": "red", "texts": ["red"]})
    assert (answer.status_code, answer.json()["error_type"]) == (503, "Unhealthy")
