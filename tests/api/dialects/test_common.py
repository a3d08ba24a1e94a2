"""The rerank that Cohere, Jina and vLLM share: the forms of a content, and an answer that each can read."""

import json

import pytest
from cohere.types.rerank_response import RerankResponse
from cohere.v2.types.v2rerank_response import V2RerankResponse
from support.toy_reranker import ToyReranker
from support.toy_service import base64_of, data_uri, half_a_picture, toy_service

PATHS = ("/v1/rerank", "/v2/rerank", "/rerank")


def image_part(colour):
    return {"type": "image_url", "image_url": {"url": data_uri(colour)}}


def text_part(text):
    return {"type": "text", "text": text}


def rerank(client, path="/v1/rerank", **body):
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def scores(answer):
    return {result["index"]: result["relevance_score"] for result in answer["results"]}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("document", "score"),
    [
        ("red mug", 1.0),
        ({"text": "red mug"}, 1.0),
        ({"image": data_uri("red")}, 0.5),
        ({"image": data_uri("red"), "text": "a mug"}, 1.0),
        ({"content": [text_part("a mug"), image_part("red")]}, 1.0),
        ({"content": [image_part("red")]}, 0.5),
        ({"content": [text_part("red"), text_part("mug")]}, 1.0),
        ({"content": [text_part("a"), image_part("red"), text_part("mug")]}, 1.0),
        ({"content": [{"type": "image_url", "image_url": {"url": data_uri("red"), "detail": "low"}}]}, 0.5),
        ({"id": "picture/red"}, 0.5),
        ({"id": "文字/红色", "collection": "toys"}, 1.0),
    ],
)
def test_a_document_has_one_score_in_whatever_form_it_comes(filled, path, document, score):
    assert scores(rerank(filled, path, query="red mug", documents=["blue", document])) == {0: 0.0, 1: score}


@pytest.mark.parametrize(
    "query",
    [
        "red",
        {"text": "red"},
        {"image": data_uri("red")},
        {"content": [text_part("red")]},
        {"content": [image_part("red")]},
        {"id": "picture/red"},
    ],
)
def test_a_query_has_the_forms_of_a_document(filled, query):
    assert scores(rerank(filled, query=query, documents=["blue", "red"])) == {0: 0.0, 1: 1.0}


class Seeing(ToyReranker):
    """Keeps the texts that it reads."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str | None] = []

    def score(self, instruction, query, documents):
        self.read += [query.text, *(document.text for document in documents)]
        return super().score(instruction, query, documents)


def test_the_reranker_reads_the_texts_of_a_content_line_by_line(start, settings):
    seeing = Seeing()
    client = start(settings, lambda given: toy_service(given, seeing))
    parts = [text_part("a red"), image_part("red"), text_part("mug")]
    rerank(client, query={"content": parts}, documents=[{"content": parts}, {"content": parts}])
    assert seeing.read == ["a red\nmug"] * 3


def test_texts_of_a_document_are_given_back_line_by_line(idle):
    documents = [{"content": [text_part("red"), text_part("mug")]}, {"content": [text_part("re"), text_part("d mug")]}]
    answer = rerank(idle, query="red mug", documents=documents)
    assert scores(answer) == {0: 1.0, 1: 0.5}
    assert answer["results"][0]["document"]["text"] == "red\nmug"


@pytest.mark.parametrize("text", [data_uri("red"), "https://example.com/red.png", "/etc/passwd", "red.png"])
def test_a_string_is_text_whatever_it_looks_like(idle, text):
    (result,) = rerank(idle, query=text, documents=[text], return_documents=True)["results"]
    assert result == {"index": 0, "relevance_score": 1.0, "document": {"text": text}}


def test_an_item_that_is_not_there_is_answered_with_the_reason(filled):
    documents = ["red", {"id": "nobody"}, {"id": "picture/red", "collection": "nowhere"}]
    results = rerank(filled, query="red", documents=documents)["results"]
    assert [result["index"] for result in results] == [0, 1, 2]
    assert all(result["relevance_score"] == 0.0 and result["error"] for result in results[1:])
    refused = filled.post("/v1/rerank", json={"query": {"id": "nobody"}, "documents": ["red"]})
    assert refused.status_code == 404
    assert refused.json()["error"]["param"] == "query"


def test_documents_come_back_as_they_were_sent(filled):
    documents = ["red", {"text": "red mug"}, {"image": data_uri("red")}, {"id": "picture/red"}]
    answer = rerank(filled, query="red", documents=documents, return_documents=True)
    assert [result["document"] for result in answer["results"]] == [{"text": "red"}, *documents[1:]]


def test_content_parts_come_back_as_vllm_gives_them_with_pictures_only_on_request(idle):
    part = image_part("red")
    documents = [{"content": [text_part("red"), part]}, "blue", {"content": [part]}]
    answer = rerank(idle, query="red", documents=documents)
    assert {each["index"]: each["document"] for each in answer["results"]} == {
        0: {"text": "red", "multi_modal": None},
        1: {"text": "blue", "multi_modal": None},
        2: {"text": None, "multi_modal": None},
    }
    assert data_uri("red") not in json.dumps(answer)
    asked = rerank(idle, query="red", documents=documents, return_documents=True)
    assert {each["index"]: each["document"]["multi_modal"] for each in asked["results"]} == {
        0: [part],
        1: None,
        2: [part],
    }
    silent = rerank(idle, query="red", documents=documents, return_documents=False)
    assert all("document" not in each for each in silent["results"])


def test_coheres_clients_read_the_answer(idle):
    body = {"query": "red mug", "documents": ["blue", "red mug"]}
    first = RerankResponse.model_validate(rerank(idle, "/v1/rerank", return_documents=True, **body))
    second = V2RerankResponse.model_validate(rerank(idle, "/v2/rerank", **body))
    assert [(each.index, each.relevance_score, each.document.text) for each in first.results] == [
        (1, 1.0, "red mug"),
        (0, 0.0, "blue"),
    ]
    assert [(each.index, each.relevance_score) for each in second.results] == [(1, 1.0), (0, 0.0)]
    assert (first.meta.api_version.version, second.meta.api_version.version) == ("1", "2")
    assert second.meta.billed_units.search_units == 1


def test_fields_that_clients_send_and_we_do_not_use_change_nothing(idle):
    body = {"query": "red mug", "documents": ["red", "red mug"]}
    unused = {
        "model": "rerank-v3.5",
        "top_n": None,
        "return_documents": None,
        "max_tokens_per_doc": 4096,
        "max_chunks_per_doc": None,
        "rank_fields": ["text"],
        "priority": 0,
        "truncation": True,
        "truncate_prompt_tokens": -1,
        "user": "somebody",
        "use_activation": True,
        "raw_scores": False,
        "mm_processor_kwargs": {"min_pixels": 784},
        "rid": "1",
    }
    assert rerank(idle, **body, **unused)["results"] == rerank(idle, **body)["results"]


@pytest.mark.parametrize(
    ("body", "status", "param", "words"),
    [
        ({"use_activation": False}, 422, "use_activation", "true"),
        ({"raw_scores": True}, 422, "raw_scores", "false only"),
        ({"documents": ["a", 5]}, 422, "documents[1]", "must be a string (text), an object"),
        ({"documents": ["a", {"picture": "x"}]}, 422, "documents[1].picture", "not a field"),
        ({"documents": [{"text": 5}]}, 422, "documents[0].text", "must be a string, got 5"),
        ({"documents": [{"id": ""}]}, 422, "documents[0].id", "must not be empty"),
        ({"documents": [{"id": "a", "text": "b"}]}, 422, "documents[0]", "and no `id`"),
        ({"documents": [{"content": []}]}, 422, "documents[0].content", "at least 1"),
        ({"documents": [{"content": "red"}]}, 422, "documents[0].content", "must be a list"),
        ({"documents": [{"content": [{"type": "video_url"}]}]}, 422, "documents[0].content[0]", '{"type": "text"'),
        ({"documents": [{"content": [text_part(5)]}]}, 422, "documents[0].content[0].text", "must be a string"),
        ({"documents": [{"content": [image_part("red")] * 2}]}, 422, "documents[0].content", "holds 2 pictures"),
        ({"query": {"content": [image_part("red")] * 2}}, 422, "query.content", "holds 2 pictures"),
        ({"query": {"content": [text_part("")]}}, 400, "query.content", "neither"),
        ({"query": "a\0b"}, 400, "query", "NUL"),
        ({"query": {"text": "a\0b"}}, 400, "query.text", "NUL"),
        ({"query": {"content": [text_part("a"), {"type": "image_url", "image_url": {"url": base64_of(b"no")}}]}}, 415,
         "query.content[1].image_url.url", "not a picture"),
        ({"query": {"image": base64_of(half_a_picture())}}, 415, "query.image", "ends too early"),
        ({"documents": ["red", {"content": [text_part("")]}], "raise_on_error": True}, 400, "documents[1]", "neither"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", PATHS)
def test_what_is_wrong_is_named_as_its_caller_wrote_it(idle, path, body, status, param, words):
    answer = idle.post(path, json={"query": "red", "documents": ["red"], **body})
    assert answer.status_code == status, answer.text
    error = answer.json()
    assert error["error"]["param"] == param
    assert param in error["message"]
    assert words in error["message"]
    assert error["message"] == error["detail"] == error["error"]["message"]
    assert error["error"]["code"] == status
