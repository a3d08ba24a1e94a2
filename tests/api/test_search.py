"""POST /v1/search as a client sees it."""

import pytest
from support.toy_reranker import ToyReranker
from support.toy_service import COLLECTION, base64_of, data_uri, picture, toy_service

from reranker import Judgement


def search(client, **body):
    answer = client.post("/v1/search", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(answer):
    return [hit["id"] for hit in answer["hits"]]


def test_stage_2_gives_the_order_and_both_ranks_are_told(filled):
    answer = search(filled, query="green mug", top_k=2)
    best = answer["hits"][0]
    assert ids(answer)[0] == "text-green"
    assert best["rank"] == 1
    assert best["score"] == 1.0
    assert best["retrieval"]["rank"] >= 1
    assert answer["hits"][1]["score"] == 0.5
    assert answer["reranked"] is True
    assert answer["model"] == "toy-reranker"
    assert set(answer["timings_ms"]) == {"encode", "recall", "rerank", "total"}


@pytest.mark.parametrize("image", [data_uri("blue"), base64_of(picture("blue")), base64_of(picture("blue", "BMP"))])
def test_a_picture_finds_its_like(filled, image):
    answer = search(filled, query={"image": image}, target="image")
    assert ids(answer)[0] == "picture/blue"


def test_text_and_picture_together_are_one_query(filled):
    answer = search(filled, query={"text": "mug", "image": data_uri("red")}, top_k=1)
    assert ids(answer) == ["文字/红色"]
    assert answer["hits"][0]["metadata"] == {"价格": 12.5}


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ({"id": "picture/blue"}, "picture/blue"),
        ({"id": "文字/红色", "collection": COLLECTION}, "文字/红色"),
        ({"content": [{"type": "text", "text": "green"}, {"type": "text", "text": "mug"}]}, "text-green"),
        ([{"type": "image_url", "image_url": {"url": data_uri("red")}}], "picture/red"),
    ],
)
def test_a_query_has_any_form_that_rerank_takes(filled, query, best):
    assert ids(search(filled, query=query))[0] == best


@pytest.mark.parametrize(
    ("query", "status", "param"),
    [
        ({"id": "nowhere"}, 404, "query"),
        ({"id": "picture/red", "collection": "no"}, 404, "query.collection"),
        ({"id": "picture/red", "text": "red"}, 422, "query"),
        ({"content": [{"type": "image_url", "image_url": {"url": "x.png"}}]}, 400, "query.content[0].image_url.url"),
    ],
)
def test_a_query_that_cannot_be_read_is_named_as_its_caller_wrote_it(filled, query, status, param):
    answer = filled.post("/v1/search", json={"query": query})
    assert (answer.status_code, answer.json()["error"].get("param")) == (status, param)


def test_the_target_limits_what_is_searched(filled):
    assert {id.split("/")[0] for id in ids(search(filled, query="red", target="image"))} == {"picture"}
    assert all(hit["text"] for hit in search(filled, query="red", target="text")["hits"])


def test_a_hit_leads_to_its_picture(filled):
    hit = search(filled, query="red", target="image", top_k=1)["hits"][0]
    picture = filled.get(hit["image_url"])
    assert picture.status_code == 200
    assert picture.headers["content-type"].startswith("image/")
    assert hit["text"] is None


def test_without_stage_2_the_order_is_stage_1s(filled):
    answer = search(filled, query="red", rerank=False, scale=1, normalize=None)
    assert (answer["reranked"], answer["margin"]) == (False, None)
    assert answer["model"].startswith("toy-16")
    assert all(hit["score"] == hit["retrieval"]["score"] for hit in answer["hits"])
    assert [hit["retrieval"]["rank"] for hit in answer["hits"]] == list(range(1, 7))


def test_the_scale_changes_what_is_shown_and_not_what_is_cut(filled):
    plain = search(filled, query="green mug", score_threshold=0.5)
    scaled = search(filled, query="green mug", score_threshold=0.5, scale=10)
    assert [hit["score"] * 10 for hit in plain["hits"]] == [hit["score"] for hit in scaled["hits"]]
    assert min(hit["score"] for hit in plain["hits"]) >= 0.5
    assert len(plain["hits"]) < 6


def test_the_answer_says_how_its_scores_are_shown(filled):
    plain = search(filled, query="green mug")
    assert (plain["scale"], plain["normalize"], plain["margin"]) == (1, None, 0.5)
    stretched = search(filled, query="green mug", scale=10, normalize="minmax", top_k=2)
    assert (stretched["scale"], stretched["normalize"], stretched["margin"]) == (10, "minmax", 0.5)
    assert [hit["score"] for hit in stretched["hits"]] == [10.0, 5.0]
    assert ids(stretched) == ids(plain)[:2]


def test_min_max_is_not_what_the_threshold_cuts_by(filled):
    stretched = search(filled, query="green mug red bag", normalize="minmax", score_threshold=0.5)
    assert stretched["hits"][0]["score"] == 1.0
    assert ids(stretched) == ids(search(filled, query="green mug red bag", score_threshold=0.5))


class Picky(ToyReranker):
    """Cannot judge what is green."""

    def score(self, instruction, query, documents):
        judgements = super().score(instruction, query, documents)
        return [
            Judgement(0.0, error="it is green") if "green" in (document.text or "") else judgement
            for document, judgement in zip(documents, judgements, strict=True)
        ]


def test_an_item_that_cannot_be_judged_fails_the_search_only_where_that_is_asked_for(start, settings):
    client = start(settings, lambda given: toy_service(given, Picky()))
    items = [{"id": "the green one", "text": "green mug"}, {"id": "the red one", "text": "red mug"}]
    client.post(f"/v1/collections/{COLLECTION}/items", json={"items": items})
    assert [hit.get("error") for hit in search(client, query="mug")["hits"]] == [None, "it is green"]
    refused = client.post("/v1/search", json={"query": "mug", "raise_on_error": True})
    assert refused.status_code == 400
    assert refused.json()["error"] == {
        "type": "invalid_input", "message": "the green one was not judged: it is green", "param": "the green one",
    }  # fmt: skip
    assert search(client, query="mug", raise_on_error=True, rerank=False)["hits"]


def test_explain_tells_in_which_lists_a_hit_stood(filled):
    plain, explained = (search(filled, query="red", explain=explain, top_k=1)["hits"][0] for explain in (False, True))
    assert "channels" not in plain["retrieval"]
    channels = explained["retrieval"]["channels"]
    assert {"channel", "query", "rank", "score"} == set(channels[0])
    assert {channel["query"] for channel in channels} == {"text"}


def test_the_instruction_reaches_stage_2(filled, reranker):
    search(filled, query="red", instruction="Find things of this colour")
    assert reranker.instructions == ["Find things of this colour"]


def test_candidates_bound_what_stage_2_reads(filled):
    assert len(search(filled, query="red", candidates=2, target="any", top_k=10)["hits"]) == 2


def test_an_empty_collection_has_no_hits(client):
    assert search(client, query="red")["hits"] == []


def test_another_collection_is_searched_by_name(filled):
    assert filled.put("/v1/collections/别的").status_code == 201
    filled.post("/v1/collections/别的/items", json={"items": [{"id": "only", "text": "red"}]})
    assert ids(search(filled, query="red", collection="别的")) == ["only"]
    assert "only" not in ids(search(filled, query="red", collection=COLLECTION))


def test_floats_are_written_with_a_fraction(filled):
    text = filled.post("/v1/search", json={"query": "green mug"}).text
    assert '"score":1.0' in text
    assert '"score":0.0' in text


def test_score_warnings_are_passed_on(filled):
    assert any(warning.startswith("low_discrimination:") for warning in search(filled, query="purple")["warnings"])
