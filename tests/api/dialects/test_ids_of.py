"""Programs that can send strings only rerank the items of a collection: `ids_of` says that the strings are ids."""

import pytest


@pytest.fixture
def scores(filled):
    def scores(**body) -> dict[int, tuple[float, bool]]:
        """Of each document by its place: the score, and whether it could be judged."""
        answer = filled.post("/v2/rerank", json={"query": "red mug", **body})
        assert answer.status_code == 200, answer.text
        return {each["index"]: (each["relevance_score"], "error" not in each) for each in answer.json()["results"]}

    return scores


def test_strings_are_items_of_the_collection_that_is_named(scores):
    documents = ["picture/blue", "picture/red", "文字/红色"]
    assert scores(ids_of="toys", documents=documents) == {0: (0.0, True), 1: (0.5, True), 2: (1.0, True)}


def test_without_it_the_same_strings_are_texts(scores):
    assert scores(documents=["picture/red", "red mug"]) == {0: (0.0, True), 1: (1.0, True)}


def test_what_is_no_string_is_what_it_says(scores):
    assert scores(ids_of="toys", documents=["picture/red", {"text": "red mug"}]) == {0: (0.5, True), 1: (1.0, True)}


@pytest.mark.parametrize("gone", ["", "no such item"])
def test_a_document_without_an_id_or_an_item_fails_nobody_else(scores, gone):
    assert scores(ids_of="toys", documents=[gone, "picture/red"]) == {0: (0.0, False), 1: (0.5, True)}


def test_the_documents_come_back_as_the_items_that_they_were(filled):
    body = {"query": "red", "ids_of": "toys", "documents": ["picture/red"], "return_documents": True}
    result = filled.post("/v1/rerank", json=body).json()["results"][0]
    assert result["document"] == {"id": "picture/red", "collection": "toys"}


@pytest.mark.parametrize(("name", "status"), [("no-such-collection", 404), ("../toys", 400)])
def test_a_collection_that_is_not_there_is_an_error_and_not_a_row_of_zeros(filled, name, status):
    answer = filled.post("/v2/rerank", json={"query": "red", "ids_of": name, "documents": ["picture/red"]})
    assert answer.status_code == status
    assert answer.json()["error"]["param"] == "ids_of"
