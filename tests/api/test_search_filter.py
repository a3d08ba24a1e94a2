"""Filters over HTTP."""

import pytest
from support.toy_service import COLLECTION, data_uri

GOODS = [
    {"id": "mug", "text": "red mug", "metadata": {"price": 12.5, "tags": ["new"], "in_stock": True}},
    {"id": "bag", "text": "red bag", "metadata": {"price": 480, "published": "2024-05-01"}},
    {"id": "picture", "image": data_uri("red"), "metadata": {"price": 60, "in_stock": True}},
]


@pytest.fixture
def goods(client):
    answer = client.post(f"/v1/collections/{COLLECTION}/items", json={"items": GOODS})
    assert answer.status_code == 200, answer.text
    return client


def found(client, **body):
    answer = client.post("/v1/search", json={"query": "red", **body})
    assert answer.status_code == 200, answer.text
    return {hit["id"] for hit in answer.json()["hits"]}


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({"price": {"$lt": 100}}, {"mug", "picture"}),
        ({"price": {"$lt": 100}, "tags": {"$contains": "new"}}, {"mug"}),
        ({"in_stock": {"$ne": True}}, {"bag"}),
        ({"published": {"$gte": "2024-01-01"}}, {"bag"}),
        ({"price": 1}, set()),
        ({}, {"mug", "bag", "picture"}),
        (None, {"mug", "bag", "picture"}),
    ],
    ids=str,
)
def test_only_items_that_pass_are_found(goods, wanted, ids):
    assert found(goods, filter=wanted) == ids
    assert found(goods, filter=wanted, rerank=False) == ids
    assert found(goods, filter=wanted, candidates=len(ids) or 1) == ids


def test_a_filter_sees_what_was_written_a_moment_ago(goods):
    assert found(goods, filter={"price": {"$lt": 100}}) == {"mug", "picture"}
    goods.post(f"/v1/collections/{COLLECTION}/items", json={"items": [{**GOODS[1], "metadata": {"price": 48}}]})
    goods.delete(f"/v1/collections/{COLLECTION}/items/mug")
    assert found(goods, filter={"price": {"$lt": 100}}) == {"bag", "picture"}


@pytest.mark.parametrize(
    ("wanted", "param", "said"),
    [
        ({"price": {"$less": 5}}, "filter.price.$less", "did you mean `$lte`?"),
        ({"price": {"$lt": True}}, "filter.price.$lt", "takes a number or a string"),
        ({"$or": [{"price": {"$in": 5}}]}, "filter.$or[0].price.$in", "takes a list of values"),
        ({"maker": {"name": "x"}}, "filter.maker.name", "`maker.name`"),
    ],
    ids=ascii,
)
def test_a_filter_that_is_none_is_refused_with_its_place(idle, wanted, param, said):
    answer = idle.post("/v1/search", json={"query": "red", "filter": wanted})
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_input"
    assert answer.json()["error"]["param"] == param
    assert said in answer.json()["error"]["message"]


@pytest.mark.parametrize("value", ["1e999", "1" + "0" * 400])
def test_values_that_no_metadata_hold_are_refused(idle, value):
    body = f'{{"query": "red", "filter": {{"price": {{"$lt": {value}}}}}}}'.encode()
    answer = idle.post("/v1/search", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "filter.price.$lt")


@pytest.mark.parametrize("wanted", [[], "price < 5", 3, True], ids=str)
def test_what_is_no_object_is_refused(idle, wanted):
    answer = idle.post("/v1/search", json={"query": "red", "filter": wanted})
    assert (answer.status_code, answer.json()["error"]["param"]) == (422, "filter")


def test_metadata_that_no_filter_could_compare_are_refused(client):
    items = [{"text": "red mug", "metadata": {"maker": {"name": "x"}}}]
    answer = client.post(f"/v1/collections/{COLLECTION}/items", json={"items": items})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "items[0].metadata"
    assert "make `maker.name` a key of its own" in answer.json()["error"]["message"]
