"""Items over HTTP: stored all or none, read back, deleted, and their pictures."""

import io
from urllib.parse import quote

import pytest
from PIL import Image
from support.toy_reranker import COLOURS
from support.toy_service import COLLECTION, base64_of, data_uri, half_a_picture, toy_service

ITEMS = f"/v1/collections/{COLLECTION}/items"


def upsert(client, *items):
    return client.post(ITEMS, json={"items": items})


def url(item_id, safe=""):
    return f"{ITEMS}/{quote(item_id, safe=safe)}"


def test_what_is_stored_can_be_read(client):
    answer = upsert(client, {"id": "a", "text": "red mug", "image": data_uri("red"), "metadata": {"tags": ["x", None]}})
    assert answer.json() == {"ids": ["a"]}
    assert client.get(url("a")).json() == {
        "id": "a",
        "text": "red mug",
        "image_url": f"{ITEMS}/a/image",
        "metadata": {"tags": ["x", None]},
    }


def test_an_item_with_an_id_that_is_there_replaces_it_wholly(client):
    upsert(client, {"id": "a", "text": "red", "image": data_uri("red")})
    upsert(client, {"id": "a", "text": "blue"})
    assert client.get(url("a")).json() == {"id": "a", "text": "blue", "image_url": None, "metadata": {}}
    assert client.get(f"/v1/collections/{COLLECTION}").json()["items"] == 1


def test_an_id_is_made_from_the_content_and_is_the_same_for_the_same(client):
    first, same, other = upsert(client, {"text": "red"}, {"text": "red"}, {"text": "blue"}).json()["ids"]
    assert first == same != other
    assert upsert(client, {"text": "red"}).json()["ids"] == [first]
    assert client.get(f"/v1/collections/{COLLECTION}").json()["items"] == 2


@pytest.mark.parametrize("item_id", ["a/b/c", "目录/红色 杯子.jpg", "a b?c=d#e", "x/image", "image", "ä+&;=@"])
def test_ids_may_hold_slashes_and_any_script(client, item_id):
    assert upsert(client, {"id": item_id, "image": data_uri("green")}).json() == {"ids": [item_id]}
    item = client.get(url(item_id)).json()
    assert item["id"] == item_id
    assert client.get(item["image_url"]).headers["content-type"] == "image/png"
    assert client.delete(url(item_id)).json() == {"deleted": True}
    assert client.get(url(item_id)).status_code == 404


def test_slashes_may_also_be_left_as_they_are(client):
    upsert(client, {"id": "a/b", "text": "red", "image": data_uri("red")})
    assert client.get(f"{ITEMS}/a/b").json()["text"] == "red"
    assert client.get(f"{ITEMS}/a/b/image").status_code == 200


def test_a_picture_comes_with_its_type_and_is_sent_once(client):
    upsert(client, {"id": "a", "image": data_uri("blue")})
    first = client.get(f"{url('a')}/image")
    assert Image.open(io.BytesIO(first.content)).convert("RGB").getpixel((0, 0)) == COLOURS["blue"]
    assert first.headers["x-content-type-options"] == "nosniff"
    tag = first.headers["etag"]
    for known in (tag, f'"other", W/{tag}', "*"):
        again = client.get(f"{url('a')}/image", headers={"If-None-Match": known})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == tag
    upsert(client, {"id": "a", "image": data_uri("red")})
    assert client.get(f"{url('a')}/image", headers={"If-None-Match": tag}).status_code == 200


def test_what_is_not_there_is_404(client):
    upsert(client, {"id": "text-only", "text": "red"})
    for answer in (
        client.get(url("nothing")),
        client.delete(url("nothing")),
        client.get(f"{url('nothing')}/image"),
        client.get(f"{url('text-only')}/image"),
        client.get("/v1/collections/nothing/items/a"),
        client.post("/v1/collections/nothing/items", json={"items": [{"text": "a"}]}),
    ):
        assert answer.status_code == 404, answer.text
        assert answer.json()["error"]["type"] == "not_found"


GOOD = {"id": "good", "text": "red"}


@pytest.mark.parametrize(
    ("bad", "status", "param"),
    [
        ({}, 400, "items[1]"),
        ({"text": " "}, 400, "items[1]"),
        ({"text": "a", "id": ""}, 422, "items[1].id"),
        ({"text": "a", "id": "x" * 513}, 422, "items[1].id"),
        ({"text": "a", "id": "line\nbreak"}, 400, "items[1].id"),
        ({"text": "a\0b"}, 400, "items[1].text"),
        ({"text": "a", "colour": "red"}, 422, "items[1].colour"),
        ({"text": 5}, 422, "items[1].text"),
        ({"text": "a", "metadata": []}, 422, "items[1].metadata"),
        ({"image": "no base64!"}, 400, "items[1].image"),
        ({"image": base64_of(b"just text, that is no picture")}, 415, "items[1].image"),
        ({"image": base64_of(half_a_picture())}, 415, "items[1].image"),
        ({"image": "https://example.com/a.png"}, 400, "items[1].image"),
        ({"image": "/etc/passwd"}, 415, "items[1].image"),
    ],
)
def test_one_bad_item_stores_nothing_and_is_named(client, bad, status, param):
    answer = upsert(client, GOOD, bad, {"text": "blue"})
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["param"] == param
    assert client.get(f"/v1/collections/{COLLECTION}").json()["items"] == 0


def test_metadata_that_json_cannot_hold_is_refused(client):
    body = b'{"items": [{"text": "a", "metadata": {"x": [1e999]}}]}'
    answer = client.post(ITEMS, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "items[0].metadata"


@pytest.mark.parametrize("count", [0, 1001])
def test_a_batch_has_1_to_1000_items(client, count):
    answer = upsert(client, *[{"text": "a"}] * count)
    assert answer.status_code == 422
    assert answer.json()["error"]["param"] == "items"
    assert str(count) in answer.json()["error"]["message"]


def test_what_was_answered_is_there_after_a_restart(start, settings, reranker):
    first = start(settings, lambda given: toy_service(given, reranker))
    upsert(first, {"id": "kept", "text": "red", "image": data_uri("red")}, {"id": "gone", "text": "blue"})
    first.delete(url("gone"))
    first.app.state.loading.close()
    second = start(settings, lambda given: toy_service(given, reranker))
    assert second.get(url("kept")).json()["text"] == "red"
    assert second.get(f"{url('kept')}/image").status_code == 200
    assert second.get(url("gone")).status_code == 404
    hits = second.post("/v1/search", json={"query": "red"}).json()["hits"]
    assert [hit["id"] for hit in hits] == ["kept"]
