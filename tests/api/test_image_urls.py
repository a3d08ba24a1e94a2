"""Pictures by URL over HTTP, with all parts as a server has them but the models, the names and the network."""

import pytest
from support.toy_encoder import ToyEncoder
from support.toy_reranker import ToyReranker
from support.toy_service import COLLECTION, picture
from support.web import PUBLIC, LoopbackServer, Names, Web, http

from search import assembly
from search.settings import Settings

ITEMS = f"/v1/collections/{COLLECTION}/items"
RED, BLUE = "http://public.example/red.png", "http://public.example/blue.png"


@pytest.fixture
def server():
    pictures = {"/red.png": http(picture("red"), content_type="text/plain"), "/blue.png": http(picture("blue"))}
    server = LoopbackServer(lambda target: pictures.get(target, http(b"<html>", "404 Not Found")))
    yield server
    server.close()


@pytest.fixture
def web(server, monkeypatch):
    web = Web({PUBLIC: server}, trap=server)
    names = Names({"public.example": [PUBLIC], "inner.example": ["10.0.0.1"]})
    monkeypatch.setattr("content.fetching.source.SystemResolver", lambda: names)
    monkeypatch.setattr("httpcore.SyncBackend", lambda: web)
    return web


@pytest.fixture
def open_server(start, tmp_path, monkeypatch):
    """A server whose setting `image_urls` is as given."""
    monkeypatch.setattr(assembly, "load_encoder", lambda settings: ToyEncoder())
    monkeypatch.setattr(assembly, "load_reranker", lambda settings, pictures: ToyReranker())

    def open_server(image_urls: str, **options):
        settings = Settings(collections=tmp_path, collection=COLLECTION, image_urls=image_urls, **options)
        client = start(settings, assembly.load_service)
        assert client.put(f"/v1/collections/{COLLECTION}").is_success
        return client

    return open_server


def error_of(answer):
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    return error["type"], error["param"], error["message"]


def test_a_picture_by_url_is_an_item_a_query_and_a_document(open_server, web):
    client = open_server("public.example")
    items = [{"id": "a", "image": RED}, {"id": "b", "image": BLUE}]
    assert client.post(ITEMS, json={"items": items}).json() == {"ids": ["a", "b"]}
    assert client.get(f"{ITEMS}/a/image").content == picture("red")

    answer = client.post("/v1/search", json={"query": {"image": BLUE}}).json()
    assert answer["hits"][0]["id"] == "b"

    documents = [{"image": BLUE}, {"image": RED}]
    results = client.post("/v1/rerank", json={"query": "red", "documents": documents}).json()["results"]
    assert [(result["index"], result["relevance_score"]) for result in results] == [(1, 1.0), (0, 0.0)]
    assert web.dialled == [(PUBLIC, 80)] * 2  # each was fetched once, and kept


def test_what_is_not_fetched_is_an_error_of_its_field_and_in_a_batch_of_its_document(open_server, web):
    client = open_server("public")

    def search(url):
        return error_of(client.post("/v1/search", json={"query": {"image": url}}))

    assert search("http://127.0.0.1/red.png")[:2] == ("url_refused", "query.image")
    assert search("http://inner.example/red.png")[:2] == ("url_refused", "query.image")
    kind, param, message = search("http://public.example/none.png")
    assert (kind, param) == ("url_failed", "query.image")
    assert "status 404" in message
    items = [{"image": BLUE}, {"image": "http://[::1]/red.png"}]
    assert error_of(client.post(ITEMS, json={"items": items}))[:2] == ("url_refused", "items[1].image")

    urls = ["http://169.254.169.254/", "http://public.example/none.png", BLUE, "http://inner.example/"]
    body = {"query": "blue", "documents": [{"image": url} for url in urls]}
    results = client.post("/v1/rerank", json=body).json()["results"]
    assert [result["index"] for result in results] == [2, 0, 1, 3]
    assert [result["relevance_score"] for result in results] == [1.0, 0.0, 0.0, 0.0]
    assert "error" not in results[0]
    assert "public addresses" in results[1]["error"]
    assert "status 404" in results[2]["error"]
    assert "10.0.0.1" not in results[3]["error"]
    assert {host for host, _ in web.dialled} == {PUBLIC}


def test_pictures_by_url_are_no_way_around_the_limit_of_a_body(open_server, web):
    client = open_server("public", max_body_bytes=3 * len(picture("red")))
    items = [{"image": RED}] * 3
    assert client.post(ITEMS, json={"items": items}).status_code == 200
    answer = client.post(ITEMS, json={"items": [*items, {"image": BLUE}]})
    assert answer.status_code == 413
    assert answer.json()["error"]["param"] == "items[3].image"
    assert "together" in answer.json()["error"]["message"]


def test_off_is_refused_with_a_sentence_that_names_the_setting(open_server, web):
    client = open_server("off")
    answers = [
        error_of(client.post("/v1/search", json={"query": {"image": RED}})),
        error_of(client.post(ITEMS, json={"items": [{"image": RED}]})),
    ]
    assert [answer[:2] for answer in answers] == [("url_refused", "query.image"), ("url_refused", "items[0].image")]
    assert all("the setting image_urls is off" in message for *_, message in answers)
    results = client.post("/v1/rerank", json={"query": "red", "documents": [{"image": RED}]}).json()["results"]
    assert "the setting image_urls is off" in results[0]["error"]
    assert not web.dialled
