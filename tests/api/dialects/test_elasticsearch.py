"""Rerank as Elasticsearch's `hugging_face` service reads it: it takes no field but its own."""

import pytest
from support.toy_service import data_uri


def rerank(client, **body):
    answer = client.post("/elasticsearch/rerank", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("sent", "asks_for_text", "score"),
    [("texts", "return_text", "score"), ("documents", "return_documents", "relevance_score")],
)
def test_the_answer_is_a_bare_list_of_nothing_but_its_fields(idle, sent, asks_for_text, score):
    body = {"query": "red mug", sent: ["blue", "red mug", "", "red"]}
    assert rerank(idle, **body) == [
        {"index": 1, score: 1.0},
        {"index": 3, score: 0.5},
        {"index": 0, score: 0.0},
        {"index": 2, score: 0.0},
    ]
    assert rerank(idle, **body, top_n=1, model="any", **{asks_for_text: True}) == [
        {"index": 1, score: 1.0, "text": "red mug"}
    ]


def test_pictures_and_items_are_reranked(filled):
    texts = [{"id": "picture/blue"}, {"image": data_uri("red")}]
    answer = rerank(filled, query="red", texts=texts, return_text=True)
    assert answer == [{"index": 1, "score": 1.0}, {"index": 0, "score": 0.0}]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"texts": ["a"]}, 422, "`query` is required"),
        ({"query": "a"}, 422, "`texts` is required"),
        ({"query": "a", "texts": ["b"], "documents": ["b"]}, 422, "`texts` is not a field"),
        ({"query": "a", "texts": ["b", ""], "raise_on_error": True}, 400, "texts[1] was not judged"),
        ({"query": "a", "documents": ["b"], "task_settings": {}}, 422, "`task_settings` is not a field"),
        ({"query": "", "documents": ["b"]}, 400, "`query`"),
        ({"query": "a", "documents": ["b", ""], "raise_on_error": True}, 400, "documents[1] was not judged"),
        ({"query": "a", "documents": ["b"] * 1001}, 413, "at most 1,000"),
    ],
)
def test_an_error_is_a_sentence(idle, body, status, words):
    answer = idle.post("/elasticsearch/rerank", json=body)
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"error"}
    assert words in answer.json()["error"]
