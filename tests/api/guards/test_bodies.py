"""Bodies that are too large, too many at a time, too slow, or bombs: refused, and nobody else notices."""

import json
import socket
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.listening import listening, said_to
from support.toy_service import toy_service

from api.json_size import MOST_VALUES

JSON = {"Content-Type": "application/json"}
MB = 2**20


def search(text):
    return json.dumps({"query": text}).encode()


def chunked(body):
    yield body[:100]
    yield body[100:]


@pytest.fixture
def tight(start, settings, reranker):
    """A server that lets 10,000 bytes wait; its requests with the model wait at the reranker's gate."""
    client = start(
        settings.model_copy(update={"max_waiting_bytes": 10_000}), lambda given: toy_service(given, reranker)
    )
    items = [{"id": "red", "text": "red mug"}]
    assert client.post("/v1/collections/toys/items", json={"items": items}).status_code == 200
    return client


@pytest.mark.parametrize("how", [bytes, chunked])
def test_bytes_of_waiting_requests_are_bounded_and_let_go(tight, reranker, how):
    reranker.gate.clear()
    reranker.waiting.clear()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(tight.post, "/v1/search", content=how(search("red" * 2000)), headers=JSON)
        assert reranker.waiting.wait(10)
        refused = tight.post("/v1/search", content=how(search("red" * 2000)), headers=JSON)
        assert (refused.status_code, refused.json()["error"]["type"]) == (429, "busy")
        assert int(refused.headers["Retry-After"]) >= 1
        assert "bytes" in refused.json()["error"]["message"]
        assert tight.post("/v1/search", json={"query": 3}).status_code == 422  # small enough to be read
        reranker.gate.set()
        assert waiting.result().status_code == 200
    for _ in range(5):
        assert tight.post("/v1/search", content=how(search("red" * 2000)), headers=JSON).status_code == 200


@pytest.mark.parametrize("how", [bytes, chunked])
def test_a_body_that_never_fits_is_not_told_to_come_again(tight, how):
    refused = tight.post("/v1/search", content=how(search("red" * 4000)), headers=JSON)
    assert refused.status_code == 413
    assert "limit" in refused.json()["error"]["message"]
    assert tight.post("/v1/search", content=how(search("red" * 2000)), headers=JSON).status_code == 200


def send_slowly(address, *, pause, pieces):
    """All that the server said until it closed the connection, and after how many seconds."""
    begun = time.monotonic()
    with socket.create_connection(address, timeout=10) as raw:
        raw.sendall(b"POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n")
        raw.sendall(b"Content-Length: 1000\r\n\r\n")
        raw.settimeout(pause)
        said = b""
        for _ in range(pieces):
            raw.sendall(b" ")
            try:
                said += raw.recv(65536)
                break
            except TimeoutError:
                continue
        raw.settimeout(10)
        while more := raw.recv(65536):
            said += more
    return said.decode(), time.monotonic() - begun


def test_a_body_that_drips_is_given_up_and_its_connection_closed(settings, reranker):
    with listening(settings.model_copy(update={"request_timeout_s": 1}), reranker) as address:
        said, took = send_slowly(address, pause=0.2, pieces=50)
    head, _, body = said.partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 408 ")
    assert "connection: close" in head.lower()
    assert json.loads(body)["error"]["type"] == "too_slow"
    assert "1 s in all" in json.loads(body)["error"]["message"]
    assert 0.9 < took < 5


def test_a_body_that_stops_is_given_up(settings, reranker, monkeypatch):
    monkeypatch.setattr("api.guards.bodies.BodyGuard.__init__.__kwdefaults__", {"gap_s": 0.3})
    with listening(settings, reranker) as address:
        said, took = send_slowly(address, pause=5, pieces=1)
    assert said.startswith("HTTP/1.1 408 ")
    assert took < 4


BOMBS = {
    "lists": b"[" + b"[]," * (2 * MB) + b"1]",
    "numbers": b"[" + b"1," * (3 * MB) + b"1]",
    "floats": b'{"query": [' + b"1.5," * MB + b"1]}",
    "strings": b"[" + b'"",' * (2 * MB) + b"1]",
    "objects": b"[" + b'{"a":1},' * MB + b"1]",
    "depth": b"[" * (6 * MB),
    "digits": b'{"query": ' + b"1" * (6 * MB) + b"}",
    "quotes": b'{"query": "' + b'\\"' * (3 * MB) + b'"}',
    "escapes": b'{"query": {"image": "data:,' + b"%41" * (2 * MB) + b'"}}',
    "blanks": b'{"query": {"image": "' + b"ab " * (2 * MB) + b'!"}}',
    "few lists": b'{"query": [' + b"[]," * (MOST_VALUES // 2 - 1) + b"1]}",
    "few objects": b'{"query": [' + b'{"a":1},' * (MOST_VALUES // 2 - 1) + b"1]}",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_a_small_multiple_of_its_bytes(idle, name):
    bomb = BOMBS[name]
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        answer = idle.post("/v1/search", content=bomb, headers=JSON)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 400 <= answer.status_code < 500, answer.text
    assert len(answer.content) < 1000
    assert peak - before < 6 * len(bomb) + 64 * MB
    assert idle.post("/v1/search", json={"query": "red"}).status_code == 200


def test_long_texts_full_of_commas_and_quotes_are_no_bomb(idle):
    body = json.dumps({"query": "red", "documents": [',,[{"\\' * 100_000] * 8}).encode()
    assert body.count(b",") > MOST_VALUES
    answer = idle.post("/v1/rerank", content=body, headers=JSON)
    assert answer.status_code == 200, answer.text


def test_of_a_field_that_comes_twice_the_last_counts(idle):
    assert idle.post("/v1/search", content=b'{"query": 3, "query": "red"}', headers=JSON).status_code == 200


@pytest.mark.parametrize(
    ("limit", "path", "body", "param"),
    [
        ("max_query_characters", "/v1/search", {"query": "x" * 101}, "query"),
        ("max_query_characters", "/v1/rerank", {"query": "x" * 101, "documents": ["a"]}, "query"),
        ("max_text_characters", "/v1/collections/toys/items", {"items": [{"text": "x" * 101}]}, "items[0].text"),
    ],
)
def test_a_text_over_the_limit_is_refused_with_the_limit(start, settings, reranker, limit, path, body, param):
    client = start(settings.model_copy(update={limit: 100}), lambda given: toy_service(given, reranker))
    answer = client.post(path, json=body)
    assert answer.status_code == 413
    error = answer.json()["error"]
    assert error["type"] == "too_large"
    assert error["param"].startswith(param)
    assert "101 characters" in error["message"]
    assert "at most 100" in error["message"]


def test_a_document_over_the_limit_fails_alone(start, settings, reranker):
    client = start(settings.model_copy(update={"max_text_characters": 100}), lambda given: toy_service(given, reranker))
    results = client.post("/v1/rerank", json={"query": "red", "documents": ["red", "x" * 101]}).json()["results"]
    assert [("error" in each, each["index"]) for each in results] == [(False, 0), (True, 1)]
    assert "at most 100" in results[1]["error"]


@pytest.mark.parametrize("length", [b"Content-Length: 60000000", b"Transfer-Encoding: chunked"])
@pytest.mark.parametrize("type_", [b"Content-Type: text/plain\r\n", b""])
def test_a_long_body_of_another_type_is_refused_unread(settings, reranker, type_, length):
    head = b"POST /v1/search HTTP/1.1\r\nHost: localhost\r\n" + type_ + length + b"\r\n\r\n"
    with listening(settings, reranker) as address:
        said = said_to(address, head)  # and nothing of the body
    assert said.startswith("HTTP/1.1 415 ")
    assert "connection: close" in said.lower()


def test_a_short_body_of_another_type_leaves_the_connection_open(idle):
    answer = idle.post("/v1/search", content=b"red", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415
    assert "Connection" not in answer.headers
    empty = idle.post("/v1/search")
    assert (empty.status_code, "empty" in empty.json()["error"]["message"]) == (400, True)
