"""Rerank as SGLang answers it."""

from support.toy_service import data_uri

TEXT = {"type": "text", "text": "red"}
PICTURE = {"type": "image_url", "image_url": {"url": data_uri("red")}}


def rerank(client, **body):
    answer = client.post("/v1/rerank", json=body, headers={"X-Request-Id": "r1"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_instruct_is_the_instruction_and_gets_a_bare_list(client, reranker):
    answer = rerank(client, query="red", documents=["blue", "red"], instruct="Find colours")
    assert reranker.instructions == ["Find colours"]
    assert answer == [
        {"score": 1.0, "document": "red", "index": 1, "meta_info": {"id": "r1", "prompt_tokens": 2}},
        {"score": 0.0, "document": "blue", "index": 0, "meta_info": {"id": "r1", "prompt_tokens": 2}},
    ]


def test_bare_lists_of_parts_are_one_content_each(idle):
    answer = rerank(idle, query=[PICTURE], documents=["blue", [TEXT, PICTURE], [PICTURE]], top_n=2)
    assert [(each["index"], each["score"], each.get("document")) for each in answer] == [
        (1, 1.0, "red"),
        (2, 1.0, None),
    ]


def test_parts_come_back_only_on_request(idle):
    documents = [[TEXT, PICTURE]]
    (asked,) = rerank(idle, query="red", documents=documents, return_documents=True)
    assert asked["document"] == [TEXT, PICTURE]
    (silent,) = rerank(idle, query="red", documents=documents, return_documents=False)
    assert "document" not in silent


def test_a_document_that_cannot_be_judged_says_why(idle):
    answer = rerank(idle, query=[TEXT], documents=["", "red"])
    assert [each["index"] for each in answer] == [1, 0]
    assert "neither" in answer[1]["meta_info"]["error"]
    assert "error" not in answer[0]["meta_info"]


def test_a_part_that_is_wrong_is_named(idle):
    body = {"query": "red", "documents": ["red", [TEXT, {"type": "text"}]]}
    answer = idle.post("/v1/rerank", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["param"] == "documents[1][1].text"
    picture = {"type": "image_url", "image_url": {"url": "no base64!"}}
    answer = idle.post("/v1/rerank", json={"query": [TEXT, picture], "documents": ["red"]})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "query[1].image_url.url"
