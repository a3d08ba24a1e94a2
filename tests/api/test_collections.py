"""Collections over HTTP: list, create, describe, drop."""

import fcntl
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.toy_service import COLLECTION, data_uri

from indexer.collection import Collection
from indexer.vectors.live import IndexPolicy
from search.library import Library


def test_collections_are_made_described_listed_and_dropped(client):
    made = client.put("/v1/collections/shop")
    assert made.status_code == 201
    assert made.json()["name"] == "shop"
    assert made.json()["items"] == 0
    assert made.json()["encoder"] == "toy-16"
    client.post("/v1/collections/shop/items", json={"items": [{"text": "red"}, {"image": data_uri("red")}]})
    described = client.get("/v1/collections/shop").json()
    assert described["items"] == 2
    assert described["dimension"] == 16
    assert {channel: index["vectors"] for channel, index in described["indexes"].items()} == {"image": 1, "text": 1}
    listed = client.get("/v1/collections").json()
    assert listed["default"] == COLLECTION
    assert {"name": "shop", "items": 2, "encoder": "toy-16"} in listed["collections"]
    assert client.delete("/v1/collections/shop").json() == {"deleted": True}
    assert client.get("/v1/collections/shop").status_code == 404
    assert [each["name"] for each in client.get("/v1/collections").json()["collections"]] == [COLLECTION]


def test_making_one_that_is_there_changes_nothing(filled):
    before = filled.get(f"/v1/collections/{COLLECTION}").json()
    again = filled.put(f"/v1/collections/{COLLECTION}")
    assert again.status_code == 200
    assert again.json() == before
    assert before["items"] == 6


def test_a_large_one_tells_its_index_and_how_far_it_is_from_it(client, settings):
    client.put("/v1/collections/shop")
    client.post("/v1/collections/shop/items", json={"items": [{"id": f"{n}", "text": f"n {n}"} for n in range(100)]})
    described = client.get("/v1/collections/shop").json()
    exact = {"type": "Flat", "vectors": 100, "recall": 1.0, "k_factor": None, "fresh": 0, "dead": 0}
    assert described["indexes"]["text"] == exact
    assert described["bytes"] > 10_000
    with Collection.open(settings.collections / "shop", None, IndexPolicy(exact_up_to=50)) as elsewhere:
        elsewhere.compact()
    client.delete("/v1/collections/shop/items/7")
    client.post("/v1/collections/shop/items", json={"items": [{"id": "new", "text": "new"}, {"id": "8", "text": "8"}]})
    index = client.get("/v1/collections/shop").json()["indexes"]["text"]
    assert (index["vectors"], index["fresh"], index["dead"]) == (100, 2, 2)
    assert index["recall"] >= 0.99
    assert index["k_factor"] >= 1


def test_what_another_process_drops_restores_or_makes_is_what_is_served(filled, settings, tmp_path):
    elsewhere = Library(settings.collections, None)
    elsewhere.back_up(COLLECTION, tmp_path / "backup")
    found = filled.post("/v1/search", json={"query": "red"}).json()["hits"]
    elsewhere.drop(COLLECTION)
    assert filled.get(f"/v1/collections/{COLLECTION}").status_code == 404
    assert filled.post("/v1/search", json={"query": "red"}).status_code == 404
    new = {"items": [{"id": "new", "text": "red"}]}
    assert filled.post(f"/v1/collections/{COLLECTION}/items", json=new).status_code == 404
    elsewhere.restore(tmp_path / "backup", COLLECTION)
    assert filled.get(f"/v1/collections/{COLLECTION}").json()["items"] == 6
    assert filled.post("/v1/search", json={"query": "red"}).json()["hits"] == found
    assert filled.post(f"/v1/collections/{COLLECTION}/items", json=new).status_code in (200, 201)
    assert filled.get(f"/v1/collections/{COLLECTION}/items/new").status_code == 200


def test_one_of_another_encoder_is_listed_and_cannot_be_searched(client, settings):
    from support.toy_encoder import ToyEncoder

    Collection.create(settings.collections / "other", ToyEncoder(8)).close()
    assert client.get("/v1/collections/other").json()["encoder"] == "toy-8"
    answer = client.post("/v1/search", json={"query": "red", "collection": "other"})
    assert answer.status_code == 409
    assert answer.json()["error"]["type"] == "encoder_mismatch"
    assert "toy-8" in answer.json()["error"]["message"]
    assert "toy-16" in answer.json()["error"]["message"]
    assert client.put("/v1/collections/other").status_code == 409


def test_a_damaged_one_is_listed_with_the_reason(client, settings):
    folder = settings.collections / "broken"
    folder.mkdir()
    (folder / "collection.sqlite").write_bytes(b"this is no database at all" * 100)
    listed = {each["name"]: each for each in client.get("/v1/collections").json()["collections"]}
    assert listed["broken"]["error"]
    assert "error" not in listed[COLLECTION]
    assert client.get("/v1/collections/broken").status_code == 500


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("name", ["a%20b", ".hidden", "x" * 65, "a:b", "a%00b"])
def test_a_bad_name_is_refused(idle, method, name):
    answer = idle.request(method, f"/v1/collections/{name}")
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["param"] == "collection"


def test_dropping_what_is_not_there_is_404(idle):
    assert idle.delete("/v1/collections/nothing").status_code == 404


def test_a_collection_that_is_dropped_under_a_search_is_not_found(filled, reranker):
    many = [{"id": f"{number}", "text": f"red {number}"} for number in range(300)]  # not all are read at once
    filled.post(f"/v1/collections/{COLLECTION}/items", json={"items": many})
    reranker.gate.clear()
    with ThreadPoolExecutor(1) as threads:
        search = threads.submit(filled.post, "/v1/search", json={"query": "red", "candidates": 300})
        assert reranker.waiting.wait(10)
        assert filled.delete(f"/v1/collections/{COLLECTION}").status_code in (200, 204)
        reranker.gate.set()
        answer = search.result()
    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "not_found"
    assert f"the collection {COLLECTION} has been closed or removed" in answer.json()["error"]["message"]


def test_a_collection_that_another_process_writes_to_is_busy_and_loses_nothing(filled, settings):
    with (settings.collections / COLLECTION / "writer.lock").open() as lock:
        # The server holds the lock only while it writes; another process is any other open file description.
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = filled.post(f"/v1/collections/{COLLECTION}/items", json={"items": [{"id": "new", "text": "new"}]})
    assert answer.status_code == 503
    assert answer.json()["error"]["type"] == "collection_busy"
    assert "wait until it has finished" in answer.json()["error"]["message"]
    assert filled.get(f"/v1/collections/{COLLECTION}/items/new").status_code == 404
    assert filled.post("/v1/search", json={"query": "red"}).status_code == 200
