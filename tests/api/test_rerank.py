"""Reranking documents that the client brings, whatever the dialect."""

import pytest
from support.toy_service import base64_of, data_uri, half_a_picture, toy_service


def rerank(client, **body):
    answer = client.post("/v1/rerank", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def order(answer):
    return [(result["index"], result["relevance_score"]) for result in answer["results"]]


def test_texts_pictures_and_mixed_documents_stand_in_one_list(idle):
    documents = ["a dog", {"image": data_uri("red")}, {"text": "mug", "image": data_uri("red")}, {"text": "red dog"}]
    answer = rerank(idle, query="red mug", documents=documents)
    assert order(answer) == [(2, 1.0), (1, 0.5), (3, 0.5), (0, 0.0)]
    assert answer["model"] == "toy-reranker"
    assert answer["usage"]["total_tokens"] == 4 * 2 + 2 + 1 + 2 + 2
    assert set(answer["results"][0]) == {"index", "relevance_score"}


@pytest.mark.parametrize("query", ["red", {"text": "red"}, {"image": data_uri("red")}])
def test_a_query_is_text_or_picture(idle, query):
    assert order(rerank(idle, query=query, documents=["blue", "red"]))[0] == (1, 1.0)


def test_an_unreadable_document_never_fails_a_batch(idle):
    documents = [
        {"image": "no base64!"},
        "red",
        {"image": base64_of(b"some text that is no picture"), "text": "red"},
        {"image": base64_of(half_a_picture())},
        {"image": "https://example.com/a.png"},
        "",
        {},
        {"text": "red\0"},
    ]
    results = rerank(idle, query="red", documents=documents, return_documents=True)["results"]
    assert [result["index"] for result in results] == [1, 0, 2, 3, 4, 5, 6, 7]
    assert results[0]["relevance_score"] == 1.0
    assert "error" not in results[0]
    assert all(result["relevance_score"] == 0.0 and result["error"] for result in results[1:])
    assert "switched off" in results[4]["error"]
    assert results[6]["document"] == {}
    assert "NUL" in results[7]["error"]


def test_cuts_leave_out_and_change_no_score(idle):
    body = {"query": "red mug", "documents": ["dog", "red mug", "red"]}
    assert order(rerank(idle, **body, top_n=2)) == [(1, 1.0), (2, 0.5)]
    cut = rerank(idle, **body, score_threshold=0.6)
    assert order(cut) == [(1, 1.0)]
    assert cut["usage"] == rerank(idle, **body)["usage"]


def test_documents_are_given_back_on_request(idle):
    picture = data_uri("red")
    answer = rerank(idle, query="red", documents=["red", {"image": picture}], return_documents=True)
    assert [result["document"] for result in answer["results"]] == [{"text": "red"}, {"image": picture}]


def test_the_model_is_taken_for_compatibility_and_the_instruction_is_passed_on(client, reranker):
    rerank(client, query="red", documents=["red"], model="jina-reranker-m0", instruction="Find colours")
    assert reranker.instructions == ["Find colours"]


def test_top_n_0_means_all(idle):
    assert len(rerank(idle, query="red", documents=["red", "blue", "green"], top_n=0)["results"]) == 3


def test_floats_are_written_with_a_fraction(idle):
    text = idle.post("/v1/rerank", json={"query": "red", "documents": ["red", "blue"]}).text
    assert '"relevance_score":1.0' in text
    assert '"relevance_score":0.0' in text


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({"query": "red"}, 422, "documents"),
        ({"query": "red", "documents": []}, 422, "documents"),
        ({"query": "red", "documents": ["a"] * 1001}, 413, "documents"),
        ({"query": "red", "documents": "a"}, 422, "documents"),
        ({"query": "red", "documents": ["a", 5]}, 422, "documents[1]"),
        ({"query": "red", "documents": ["a", {"picture": "x"}]}, 422, "documents[1].picture"),
        ({"query": "red", "documents": ["a"], "top_n": -1}, 422, "top_n"),
        ({"query": "red", "documents": ["a"], "top_m": 1}, 422, "top_m"),
        ({"query": "", "documents": ["a"]}, 400, "query"),
        ({"documents": ["a"]}, 422, "query"),
        ({"query": {"image": "no base64!"}, "documents": ["a"]}, 400, "query.image"),
        ({"query": {"image": base64_of(b"no picture")}, "documents": ["a"]}, 415, "query.image"),
    ],
)
@pytest.mark.parametrize("route", ["/v1/rerank", "/rerank_batch"])
def test_bad_input_is_named(idle, route, body, status, param):
    answer = idle.post(route, json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["param"] == param


@pytest.mark.parametrize("route", ["/v1/rerank", "/rerank_batch"])
def test_the_limit_on_documents_is_a_setting_that_the_error_names(start, settings, reranker, route):
    client = start(settings.model_copy(update={"max_documents": 2}), lambda given: toy_service(given, reranker))
    assert client.post(route, json={"query": "red", "documents": ["a", "b"]}).status_code == 200
    answer = client.post(route, json={"query": "red", "documents": ["a", "b", "c"]})
    assert answer.status_code == 413
    assert "`documents` has 3 entries; at most 2" in answer.json()["error"]["message"]


@pytest.mark.parametrize("route", ["/v1/rerank", "/rerank_batch"])
def test_a_document_that_cannot_be_judged_fails_the_request_where_that_is_asked_for(idle, route):
    body = {"query": "red", "documents": ["red", {"image": "no base64!"}, ""]}
    assert idle.post(route, json=body).status_code == 200
    refused = idle.post(route, json={**body, "raise_on_error": True})
    assert refused.status_code == 400
    assert refused.json()["error"]["param"] == "documents[1]"
    assert "was not judged: " in refused.json()["error"]["message"]
    assert idle.post(route, json={"query": "red", "documents": ["red"], "raise_on_error": True}).status_code == 200


def test_without_stage_2_nothing_can_be_reranked(start, settings):
    client = start(settings, lambda given: toy_service(given, None))
    answer = client.post("/v1/rerank", json={"query": "red", "documents": ["red"]})
    assert answer.status_code == 503
    assert answer.json()["error"]["type"] == "not_ready"
    assert client.get("/ready").json()["reranker"] is None


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"top_k": 0}, "top_k"),
        ({"score_threshold": 1.5}, "score_threshold"),
        ({"scale": True}, "scale"),
        ({"scale": 100}, "scale"),
        ({"normalize": "softmax"}, "normalize"),
        ({"raise_on_error": "yes"}, "raise_on_error"),
    ],
)
def test_bad_options_of_a_batch_are_named(idle, body, param):
    answer = idle.post("/rerank_batch", json={"query": "red", "documents": ["red"], **body})
    assert answer.status_code == 422
    assert answer.json()["error"]["param"] == param


def test_scores_in_jinas_shape_are_always_probabilities(idle):
    for display in ({"scale": 10}, {"normalize": "minmax"}):
        answer = idle.post("/v1/rerank", json={"query": "red", "documents": ["red"], **display})
        assert answer.status_code == 422
        assert answer.json()["error"]["param"] in display


def test_a_batch_is_cut_and_shown_as_asked_for(idle):
    body = {"query": "red mug shop bag", "documents": ["red", "red mug", "dog", "red mug bag", ""]}
    plain = idle.post("/rerank_batch", json=body).json()
    assert [result["score"] for result in plain["results"]] == [0.75, 0.5, 0.25, 0.0, 0.0]
    assert (plain["scale"], plain["normalize"], plain["margin"]) == (1, None, 0.25)
    options = {"top_k": 2, "score_threshold": 0.25, "scale": 10, "normalize": "minmax"}
    shown = idle.post("/rerank_batch", json={**body, **options}).json()
    assert [(result["index"], result["score"]) for result in shown["results"]] == [
        (3, 10.0), (1, pytest.approx(20 / 3)),
    ]  # fmt: skip
    assert (shown["scale"], shown["normalize"], shown["margin"]) == (10, "minmax", 0.25)
    assert shown["markdown"].splitlines()[0] == "| Rank | Score (10 x min-max) | Index | Document |"


def test_a_batch_takes_items_and_content_parts(filled):
    documents = [{"id": "text-blue"}, {"content": [{"type": "text", "text": "green"}]}, {"id": "picture/red"}]
    body = {"query": {"id": "picture/red", "collection": "toys"}, "documents": documents}
    answer = filled.post("/rerank_batch", json=body).json()
    assert answer["results"][0]["index"] == 2
    assert answer["markdown"].splitlines()[2].endswith("| picture/red |")
    broken = filled.post("/rerank_batch", json={**body, "query": {"id": "gone"}})
    assert (broken.status_code, broken.json()["error"]["param"]) == (404, "query")


def test_a_batch_comes_with_a_table(idle):
    documents = [
        {"text": "a dog | <b>\n`x`"},
        {"image": data_uri("red")},
        {"image": "no base64!"},
        {"text": "red " * 99},
    ]
    body = {"instruction": "Find it", "query": {"text": "red"}, "documents": documents}
    answer = idle.post("/rerank_batch", json=body).json()
    assert [result["index"] for result in answer["results"]] == [1, 3, 0, 2]
    assert [result["rank"] for result in answer["results"]] == [1, 2, 3, 4]
    assert [result["tied"] for result in answer["results"]] == [True, True, False, False]
    lines = answer["markdown"].splitlines()
    assert lines[0] == "| Rank | Score | Index | Document |"
    assert lines[2] == "| 1 | 1.0000 | 1 | (picture) |"
    assert lines[4] == r"| 3 | 0.0000 | 0 | a dog \| \<b\> \`x\` |"
    assert "not judged" in lines[5]
    assert len(lines) == 6
    assert max(map(len, lines)) < 300
