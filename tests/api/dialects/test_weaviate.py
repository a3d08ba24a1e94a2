"""Rerank as Weaviate's reranker-transformers asks for it."""

import pytest
from support.toy_service import data_uri


def test_scores_stand_beside_their_documents_in_the_order_of_the_request(idle):
    body = {"query": "red mug", "documents": ["blue", "red mug", "red"], "property": ""}
    answer = idle.post("/rerank", json=body)
    assert answer.json() == {
        "query": "red mug",
        "scores": [
            {"document": "blue", "score": 0.0},
            {"document": "red mug", "score": 1.0},
            {"document": "red", "score": 0.5},
        ],
    }
    assert '"score":1.0' in answer.text


def test_a_picture_has_a_score_and_no_text(idle):
    body = {"query": {"image": data_uri("red")}, "documents": [{"image": data_uri("red")}, ""], "property": "photo"}
    answer = idle.post("/rerank", json=body).json()
    assert answer["query"] == ""
    assert answer["scores"][0] == {"document": "", "score": 1.0}
    assert answer["scores"][1]["score"] == 0.0
    assert "neither" in answer["scores"][1]["error"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"documents": ["a"]}, 422, "`query` is required"),
        ({"query": "a", "documents": [5]}, 422, "`documents[0]` must be a string"),
        ({"query": "", "documents": ["a"]}, 400, "`query`"),
        ({"query": "a", "documents": ["a"], "limit": 5}, 422, "`limit` is not a field"),
    ],
)
def test_an_error_is_a_sentence(idle, body, status, words):
    answer = idle.post("/rerank", json={**body, "property": "text"})
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"error"}
    assert words in answer.json()["error"]
