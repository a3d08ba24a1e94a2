"""A hit over HTTP says which passage was found, and what was read off its picture."""

from support.toy_encoder import ToyEncoder
from support.toy_service import COLLECTION, picture
from support.toy_text_reader import ToyTextReader

from indexer.collection import Collection
from indexer.ingest import Ingest
from indexer.record import Record

FILLER = "Nothing is told here at all. " * 20
TEXT = f"{FILLER}The green bag stands there. {FILLER}"


def hits(client, query, **body):
    answer = client.post("/v1/search", json={"query": query, **body})
    assert answer.status_code == 200, answer.text
    return {hit["id"]: hit for hit in answer.json()["hits"]}


def test_the_passage_of_a_long_text_is_named_with_its_place(client):
    answer = client.post(f"/v1/collections/{COLLECTION}/items", json={"items": [{"id": "long", "text": TEXT}]})
    assert answer.status_code == 200, answer.text
    hit = hits(client, "green bag")["long"]
    passage = hit["passage"]
    assert set(passage) == {"source", "start", "stop", "text"}
    assert passage["source"] == "text"
    assert "The green bag stands there." in passage["text"]
    assert len(passage["text"]) < 150
    assert TEXT[passage["start"] : passage["stop"]] == passage["text"]
    assert hit["text"] == TEXT
    assert "ocr" not in hit


def test_what_is_read_off_a_picture_is_told_apart(client, settings):
    with Collection.open(settings.collections / COLLECTION, encoder := ToyEncoder()) as collection:
        record = Record("sign", "a shop", picture("red"), b"0" * 32)
        Ingest(collection, encoder, reader=ToyTextReader({(255, 0, 0): "SALE 2024"})).upsert([record])
    hit = hits(client, "sale 2024")["sign"]
    assert hit["passage"] == {"source": "ocr", "start": 0, "stop": 9, "text": "SALE 2024"}
    assert (hit["text"], hit["ocr"]) == ("a shop", "SALE 2024")


def test_a_hit_of_its_picture_alone_has_no_passage(filled):
    assert "passage" not in hits(filled, "red", target="image")["picture/red"]
    texts = hits(filled, "red", target="text").values()
    assert texts
    assert all(hit["passage"]["text"] == hit["text"] for hit in texts)


def test_a_text_of_too_many_passages_is_refused_by_name(client, monkeypatch):
    monkeypatch.setattr("indexer.passages.MAX_PASSAGES", 3)
    items = [{"id": "short", "text": "red"}, {"id": "long", "text": TEXT}]
    answer = client.post(f"/v1/collections/{COLLECTION}/items", json={"items": items})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "items[1].text"
    assert "store it as several items" in answer.json()["error"]["message"]
