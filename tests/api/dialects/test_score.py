"""Scores of pairs as vLLM has them."""

import time

import pytest
from support.toy_service import data_uri, toy_service

PICTURE = {"content": [{"type": "image_url", "image_url": {"url": data_uri("red")}}]}


def ask(client, path="/v1/score", **body):
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def scores(answer):
    assert [each["index"] for each in answer["data"]] == list(range(len(answer["data"])))
    return [each["score"] for each in answer["data"]]


@pytest.mark.parametrize("path", ["/v1/score", "/score"])
@pytest.mark.parametrize(
    ("queries", "documents"),
    [("queries", "documents"), ("queries", "items"), ("data_1", "data_2"), ("text_1", "text_2")],
)
def test_one_query_is_scored_with_each_document_and_several_one_by_one(idle, path, queries, documents):
    assert scores(ask(idle, path, **{queries: "red mug", documents: "red"})) == [0.5]
    assert scores(ask(idle, path, **{queries: "red mug", documents: ["red", "blue", "red mug"]})) == [0.5, 0.0, 1.0]
    assert scores(ask(idle, path, **{queries: ["red mug"], documents: ["red", "blue"]})) == [0.5, 0.0]
    assert scores(ask(idle, path, **{queries: ["red", "blue"], documents: ["red", "red"]})) == [1.0, 0.0]


def test_the_answer_is_vllms(idle):
    answer = ask(idle, queries="red mug", documents=["red", "red mug"], model="any", use_activation=True)
    assert set(answer) == {"id", "object", "created", "model", "data", "usage"}
    assert (answer["object"], answer["model"]) == ("list", "toy-reranker")
    assert abs(answer["created"] - time.time()) < 60
    assert answer["data"][1] == {"index": 1, "object": "score", "score": 1.0}
    assert answer["usage"] == {"prompt_tokens": 7, "total_tokens": 7}


def test_pairs_of_a_query_are_judged_in_one_call_whatever_their_order(client, reranker):
    queries = ["red", "blue", "red", {"text": "blue"}, "red"]
    documents = ["red", "red", "blue", "blue", {"image": data_uri("red")}]
    assert scores(ask(client, queries=queries, documents=documents)) == [1.0, 0.0, 0.0, 1.0, 1.0]
    assert len(reranker.instructions) == 2


def test_a_long_query_in_parts_is_put_together_once_and_not_for_every_document(idle):
    half = {"type": "text", "text": "x" * 5_000_000}
    begin = time.perf_counter()
    answer = idle.post("/v1/score", json={"queries": {"content": [half, half]}, "documents": ["a"] * 1000})
    assert answer.status_code == 413
    assert time.perf_counter() - begin < 2  # some 7 s, were it joined and hashed a thousand times


def test_pictures_and_items_stand_on_either_side(filled):
    pairs = {"queries": [PICTURE, {"id": "picture/blue"}, "red"], "documents": ["red", "red", {"id": "picture/red"}]}
    assert scores(ask(filled, **pairs)) == [1.0, 0.0, 1.0]


def test_a_document_that_cannot_be_judged_has_no_score_and_fails_nobody_else(idle):
    answer = ask(idle, queries="red", documents=["", "red"])
    assert scores(answer) == [0.0, 1.0]
    assert "neither" in answer["data"][0]["error"]
    assert "error" not in answer["data"][1]


@pytest.mark.parametrize(
    ("body", "status", "param", "words"),
    [
        ({"queries": ["a", "b"], "documents": ["c", "d", "e"]}, 400, "documents", "has 2 entries and `documents` 3"),
        ({"text_1": ["a", "b"], "text_2": "c"}, 400, "text_2", "`text_1` has 2 entries and `text_2` 1"),
        ({"queries": "a"}, 422, "documents", "required"),
        ({"data_2": "a"}, 422, "data_1", "required"),
        ({"queries": [], "documents": ["a"]}, 422, "queries", "at least 1"),
        ({"queries": "a", "documents": [5]}, 422, "documents[0]", "must be a string"),
        ({"queries": "a", "items": "b", "documents": "c"}, 422, "documents", "not a field"),
        ({"queries": ["a", ""], "documents": ["c", "d"]}, 400, "queries[1]", "neither"),
        ({"queries": "", "documents": ["c", "d"]}, 400, "queries", "neither"),
        ({"queries": ["a", {"image": "!"}], "documents": ["c", "d"]}, 400, "queries[1].image", "base64"),
        ({"queries": "a", "documents": ["b", ""], "raise_on_error": True}, 400, "documents[1]", "not judged"),
        ({"queries": "a", "documents": ["b"] * 1001}, 413, "documents", "1,001 entries; at most 1,000"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_in_vllms_form(idle, body, status, param, words):
    answer = idle.post("/v1/score", json=body)
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"error", "request_id"}
    error = answer.json()["error"]
    assert (error["param"], error["code"]) == (param, status)
    assert param in error["message"]
    assert words in error["message"]


def test_without_stage_2_nothing_can_be_scored(start, settings):
    client = start(settings, lambda given: toy_service(given, None))
    assert client.post("/score", json={"queries": "red", "documents": "red"}).status_code == 503
