"""What a caller is told when it goes wrong: a server that refuses, is busy, is away or is another one."""

import asyncio
import json
import math
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from support.toy_service import COLLECTION, half_a_picture, picture

from clients import AsyncLycheeClient, Busy, Content, Item, LycheeClient, LycheeError, Unreachable
from clients.results import Hit, Retrieval

AWAY = "http://127.0.0.1:9"


@pytest.fixture
def scripted() -> Iterator[tuple[str, list, list]]:
    """A server that answers what it is told, in turn, as something between here and ours might: its URL, the answers
    (status, headers, body), and the requests: path and headers."""
    answers: list[tuple[int, dict[str, str], str]] = []
    requests: list[tuple[str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            requests.append((self.path, dict(self.headers)))
            self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, body = answers.pop(0)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", answers, requests
        server.shutdown()
        thread.join()


def searched(client: AsyncLycheeClient, query: str) -> object:
    async def search() -> object:
        async with client:
            return await client.search(query)

    return asyncio.run(search())


def test_an_error_carries_all_that_the_server_said(client):
    with pytest.raises(LycheeError) as caught:
        client.search("mug", candidates=10_001)
    error = caught.value
    assert (error.status, error.type, error.param) == (422, "schema_error", "candidates")
    assert "at most 1000" in error.message
    assert len(error.request_id) == 32
    assert error.request_id in str(error)


@pytest.mark.parametrize(
    ("call", "type_", "param"),
    [
        (lambda c: c.search("mug", filter={"price": {"$near": 1}}), "invalid_input", "filter.price.$near"),
        (lambda c: c.search("mug", collection="nowhere"), "not_found", "collection"),
        (lambda c: c.search("\ud800"), "invalid_input", None),
        (lambda c: c.search(Content(image=half_a_picture())), "truncated_image", "query.image"),
        (lambda c: c.search(Content(image="data:image/png;base64,?")), "invalid_input", "query.image"),
        (lambda c: c.search(Content(image="http://127.0.0.1/a.png")), "url_refused", "query.image"),
        (lambda c: c.rerank("mug", []), "schema_error", "documents"),
        (lambda c: c.rerank("mug", ["mug", Content(image=b"?")], raise_on_error=True), "invalid_input", "documents[1]"),
        (lambda c: c.upsert(COLLECTION, [Item("a", "a"), Item("b", image=b"?")]), "not_an_image", "items[1].image"),
    ],
)
def test_what_the_server_refuses_names_the_field(client, call, type_, param):
    with pytest.raises(LycheeError) as caught:
        call(client)
    assert caught.value.type == type_
    assert param is None or caught.value.param == param


@pytest.mark.parametrize("image", ["photos/mug.png", "file:///etc/passwd", "/etc/passwd"])
def test_a_path_is_never_read(client, image):
    with pytest.raises(ValueError, match="not read by its path"):
        client.search(Content(image=image))


def test_what_is_no_content_is_refused_before_it_is_sent():
    client = LycheeClient(AWAY)
    with pytest.raises(ValueError, match="a text, an image or both"):
        Content()
    with pytest.raises(TypeError, match="got int"):
        client.search(Content(image=7))
    with pytest.raises(ValueError, match="JSON"):
        client.search("mug", score_threshold=math.nan)
    with pytest.raises(ValueError, match="http://"):
        LycheeClient("localhost:7860")


def test_a_server_that_is_away_is_named():
    with pytest.raises(Unreachable, match=f"no answer from {AWAY}.*lychee serve"):
        LycheeClient(AWAY).search("mug")
    with pytest.raises(Unreachable, match="no answer"):
        searched(AsyncLycheeClient(AWAY), "mug")


def test_an_answer_that_takes_too_long_is_no_answer(serve, reranker):
    url = serve()
    reranker.gate.clear()
    with pytest.raises(Unreachable, match="timed out"):
        LycheeClient(url, timeout=0.3).rerank("mug", ["mug"])


def test_a_server_without_room_is_asked_again(serve, reranker):
    url = serve(max_requests=1)
    reranker.gate.clear()
    busy = threading.Thread(target=LycheeClient(url).rerank, args=("mug", ["mug"]))
    busy.start()
    assert reranker.waiting.wait(10)
    with pytest.raises(Busy, match="429 busy"):
        LycheeClient(url, retries=0).rerank("mug", ["mug"])
    threading.Timer(0.3, reranker.gate.set).start()
    assert LycheeClient(url, retries=9).rerank("mug", ["mug"]).results[0].score == 1.0
    busy.join(10)


@pytest.mark.parametrize("waiting", [True, False])
def test_retries_are_bounded(scripted, waiting):
    url, answers, requests = scripted
    answers += [(429, {"Retry-After": "0"}, "{}")] * 3
    search = LycheeClient(url, retries=2).search if waiting else partial(searched, AsyncLycheeClient(url, retries=2))
    with pytest.raises(Busy) as caught:
        search("mug")
    assert len(requests) == 3
    assert caught.value.retry_after == 0


@pytest.mark.parametrize("headers", [{"Retry-After": "1"}, {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}, {}])
def test_the_next_try_waits_as_long_as_the_server_says_or_a_second(scripted, headers):
    url, answers, requests = scripted
    answers += [(429, headers, "{}"), (200, {}, '{"id": "a", "model": "m", "results": [], "warnings": []}')]
    begin = time.monotonic()
    LycheeClient(url + "/behind/a/proxy/").rerank("mug", ["mug"])
    assert time.monotonic() - begin > 0.9
    assert [path for path, _ in requests] == ["/behind/a/proxy/rerank_batch"] * 2


def test_an_hour_is_not_waited_for(scripted):
    url, answers, requests = scripted
    answers.append((429, {"Retry-After": "3600"}, "{}"))
    with pytest.raises(Busy) as caught:
        LycheeClient(url).search("mug")
    assert (len(requests), caught.value.retry_after) == (1, 3600)


def test_the_key_is_sent_and_a_refused_one_is_told(scripted):
    url, answers, requests = scripted
    told = {"error": {"type": "unauthorized", "message": "no such key"}, "request_id": "r1"}
    answers.append((401, {}, json.dumps(told)))
    with pytest.raises(LycheeError) as caught:
        LycheeClient(url, "secret").search("mug")
    assert requests[0][1]["Authorization"] == "Bearer secret"
    assert str(caught.value) == "401 unauthorized: no such key (request r1)"


@pytest.mark.parametrize(
    ("answer", "type_", "words"),
    [
        ((502, {}, "<h1>Bad\n Gateway</h1>"), "http_error", "<h1>Bad Gateway</h1>"),
        ((308, {"Location": "https://x.example/"}, ""), "http_error", "moved to https://x.example/"),
        ((200, {}, "<html>"), "not_lychee", "<html>"),
        ((200, {}, '{"hits": [{}], "warnings": []}'), "not_lychee", "not as a Lychee server"),
        ((500, {}, '["error"]'), "http_error", "error"),
        ((503, {}, ""), "http_error", "empty answer"),
    ],
)
def test_what_stands_in_between_is_quoted(scripted, answer, type_, words):
    url, answers, _ = scripted
    answers.append(answer)
    with pytest.raises(LycheeError, match=words) as caught:
        LycheeClient(url).search("mug")
    assert caught.value.type == type_


def test_the_key_is_sent_to_no_other_server(client):
    hit = Hit(1, "a", 1.0, Retrieval(1, 1.0), image_url="http://evil.example/a.png")
    with pytest.raises(ValueError, match="no path of a picture"):
        client.picture(hit)


def test_an_answer_of_a_newer_server_is_read(scripted):
    url, answers, _ = scripted
    result = {"rank": 1, "index": 0, "score": 0.5, "tied": False, "truncated": False, "new": 1}
    answers.append((200, {}, json.dumps({"id": "a", "model": "m", "results": [result], "warnings": [], "newer": 2})))
    assert LycheeClient(url).rerank("mug", [Content(image=picture("red"))]).results[0].score == 0.5
