"""The weights of stage 1's channels over HTTP."""

import pytest
from support.toy_service import data_uri


def search(client, **body):
    answer = client.post("/v1/search", json={"rerank": False, "explain": True, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()["hits"]


def channels_of(hits) -> set[str]:
    return {place["channel"] for hit in hits for place in hit["retrieval"]["channels"]}


def test_all_channels_are_searched_and_each_can_be_switched_off(filled):
    assert channels_of(search(filled, query="red mug")) == {"image", "text", "words"}
    assert channels_of(search(filled, query="red mug", channels={"words": 0})) == {"image", "text"}
    assert channels_of(search(filled, query="red mug", channels={"words": 0, "text": 0.0})) == {"image"}


def test_words_alone_find_what_holds_them_and_nothing_else(filled):
    hits = search(filled, query="bag", channels={"image": 0, "text": 0})
    assert [hit["id"] for hit in hits] == ["text-blue"]
    assert search(filled, query="unicorn", channels={"image": 0, "text": 0}) == []


def test_a_weight_moves_what_a_channel_finds(filled):
    assert search(filled, query="blue bag", channels={"image": 50})[0]["id"] == "picture/blue"
    assert search(filled, query="blue bag", channels={"words": 50})[0]["id"] == "text-blue"


def test_words_are_left_out_where_the_query_has_no_text(filled):
    hits = search(filled, query={"image": data_uri("red")})
    assert "words" not in channels_of(hits)
    body = {"query": {"image": data_uri("red")}, "channels": {"image": 0, "text": 0}}
    refused = filled.post("/v1/search", json=body)
    assert refused.status_code == 400
    assert "only words is switched on" in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    ("channels", "said"),
    [
        ({"word": 1}, "did you mean words?"),
        ({"": 1}, "image, text, words"),
        ({"words": -1}, "from 0 to 100"),
        ({"words": 101}, "from 0 to 100"),
        ({"words": 1e300}, "from 0 to 100"),
        ({"words": 0, "image": 0, "text": 0}, "switched off"),
    ],
)
def test_what_is_no_weight_of_a_channel_is_refused(filled, channels, said):
    answer = filled.post("/v1/search", json={"query": "red", "channels": channels})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "channels"
    assert said in answer.json()["error"]["message"]


@pytest.mark.parametrize("channels", [["words"], "words", {"words": "0"}, {"words": None}, {"words": True}])
def test_another_shape_than_names_with_numbers_is_refused(filled, channels):
    answer = filled.post("/v1/search", json={"query": "red", "channels": channels})
    assert answer.status_code == 422
    assert answer.json()["error"]["param"].startswith("channels")
