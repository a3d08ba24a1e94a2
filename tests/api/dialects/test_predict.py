"""The batch as callers of an early Gradio page ask for it."""

import pytest
from support.toy_service import data_uri


@pytest.mark.parametrize("path", ["/api/predict", "/api/predict/"])
def test_a_table_and_the_results_come_back(client, reranker, path):
    documents = ["blue", {"text": "a mug", "image": data_uri("red")}]
    answer = client.post(path, json={"data": ["Find it", "red mug", documents], "fn_index": 0, "session_hash": "x"})
    assert answer.status_code == 200, answer.text
    assert reranker.instructions == ["Find it"]
    table, results = answer.json()["data"]
    assert table.splitlines()[2] == "| 1 | 1.0000 | 1 | (picture) a mug |"
    assert [(each["rank"], each["index"], each["score"]) for each in results] == [(1, 1, 1.0), (2, 0, 0.0)]
    assert answer.json()["duration"] > 0


@pytest.mark.parametrize("instruction", ["", None])
def test_an_empty_instruction_is_none(filled, reranker, instruction):
    body = {"data": [instruction, {"id": "picture/red"}, [{"id": "picture/red"}, ""]]}
    table, results = filled.post("/api/predict/", json=body).json()["data"]
    assert reranker.instructions[-1]
    assert "| picture/red |" in table
    assert "neither" in results[1]["error"]


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (["", "red"], 422, "`data[2]` is required"),
        (["", "red", []], 422, "`data[2]` must have at least 1"),
        (["", "red", ["a", 5]], 422, "`data[2][1]` must be a string"),
        (["", "red", "a"], 422, "`data[2]` must be a list"),
        (["", "", ["a"]], 400, "`data[1]`"),
        (["", "red", ["a"] * 1001], 413, "`data[2]` has 1,001 entries"),
        (["", "red", ["a"], 1], 422, "`data` must have at most 3"),
        ("red", 422, "`data`"),
    ],
)
def test_what_is_wrong_is_named(idle, data, status, words):
    answer = idle.post("/api/predict/", json={"data": data})
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"error"}
    assert words in answer.json()["error"]
