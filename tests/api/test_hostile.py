"""Whatever a stranger sends to whatever route, the answer is quick, says what was wrong, and the next request works."""

import base64
import ctypes
import gc
import json
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from support.hostile_bodies import BODIES, JUNK, MULTIPART, NO_PICTURES, TYPES
from support.hostile_pictures import hostile_pictures
from support.route_walk import BodyRoute, body_routes, paths_with_parameters
from support.toy_reranker import ToyReranker
from support.toy_service import COLLECTION, toy_service

from api.app import create_app
from search.settings import Settings

JSON = {"Content-Type": "application/json"}
LIMIT = 2**20
SLOWEST = 2.0  # seconds of processor time
MOST_GROWTH = 24.0  # MB, after the first time that all of it was sent
SETTINGS = Settings(collection=COLLECTION, max_body_bytes=LIMIT, max_image_pixels=4_000_000)
ROUTES = body_routes(create_app(SETTINGS).openapi(), COLLECTION)
OPEN_PATHS = paths_with_parameters(create_app(SETTINGS).openapi())
PICTURES = hostile_pictures()
every_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    settings = SETTINGS.model_copy(update={"collections": tmp_path_factory.mktemp("hostile") / "collections"})
    app = create_app(settings, lambda given: toy_service(given, ToyReranker()))
    with TestClient(app, "http://127.0.0.1", raise_server_exceptions=False, follow_redirects=False) as client:
        while "still loading" in client.get("/ready").text:
            time.sleep(0.01)
        client.post(f"/v1/collections/{COLLECTION}/items", json={"items": [{"id": "a", "text": "red"}]})
        yield client


class Sender:
    """Sends to one route, holds every answer against what all answers have in common, and lets the next one work."""

    def __init__(self, client: TestClient, route: BodyRoute) -> None:
        self._client = client
        self.route = route

    def send(self, *, content=None, headers=JSON, **options):
        begin = time.process_time()
        answer = self._client.request(self.route.method, self.route.path, content=content, headers=headers, **options)
        check(answer, time.process_time() - begin)
        return answer

    def json(self, body):
        return self.send(content=json.dumps(body).encode())

    def refused(self, answer, *fields):
        """fields: one of which has to be named."""
        assert 400 <= answer.status_code < 500, answer.text[:300]
        assert not fields or any(field in answer.text for field in fields), answer.text[:300]

    def works(self):
        answer = self.json(self.route.example)
        assert answer.status_code == 200, answer.text


def check(answer, seconds=0.0):
    assert answer.status_code < 500, answer.text[:300]
    assert seconds < SLOWEST
    assert "Traceback" not in answer.text
    assert "site-packages" not in answer.text
    assert "x-evil" not in answer.headers
    if answer.status_code >= 400:
        assert len(answer.text) < 4000
        assert len(message_of(answer.json())) > 8
        assert answer.headers["X-Request-Id"]


def message_of(body):
    """In whichever of the dialects it is."""
    for key in ("message", "detail", "error"):
        if isinstance(body.get(key), str):
            return body[key]
    return body["error"]["message"]


@pytest.fixture
def sender(client, route):
    sender = Sender(client, route)
    yield sender
    sender.works()


@every_route
def test_a_body_that_is_none(sender, route):
    good = json.dumps(route.example).encode()  # `{}` where every field has a default
    for name, body in BODIES.items():
        if body == good:
            continue
        answer = sender.send(content=body)
        assert 400 <= answer.status_code < 500, name


@every_route
def test_a_body_of_another_kind(sender, route):
    good = json.dumps(route.example).encode()
    for kind in TYPES:
        for content in (good, MULTIPART):
            assert sender.send(content=content, headers={"Content-Type": kind}).status_code == 415, kind
    sender.refused(sender.send(content=MULTIPART))
    sender.refused(sender.send(content=good, headers={}))


@every_route
def test_a_body_that_is_too_large(sender, route):
    over = b'{"query": "' + b"a" * LIMIT + b'"}'
    for answer in (
        sender.send(content=over),
        sender.send(content=iter([over[: LIMIT // 2], over[LIMIT // 2 :]])),
        sender.send(content=b"{}", headers={**JSON, "Content-Length": str(2**30)}),
        sender.send(content=b"{}", headers={**JSON, "Content-Length": "9" * 30}),
    ):
        assert answer.status_code == 413
        assert "1 MiB" in answer.text


@every_route
def test_a_field_that_is_missing_or_unknown_is_named(sender, route):
    for name in route.required:
        sender.refused(sender.json(route.without(name)), name)
    sender.refused(sender.json(route.with_field("nonsense", 1)), "nonsense")
    sender.refused(sender.json(route.with_field("a\r\nX-Evil: 1", 1)))
    sender.refused(sender.json(route.with_field("__proto__", {})))


@every_route
@pytest.mark.parametrize(
    "value", [None, True, -1, 0, 1.5, 10**400, "", "\0", "a\r\nX-Evil: 1", [], [[]], [None], {}, {"text": 3}], ids=repr
)
def test_a_field_of_another_type(sender, route, value):
    for name in route.example:
        answer = sender.send(content=json.dumps(route.with_field(name, value)).encode())
        if answer.status_code >= 400:
            assert name in answer.text or route.path.startswith("/api/"), answer.text


@every_route
def test_lists_that_are_empty_or_endless(sender, route):
    for name in route.lists:
        sender.refused(sender.json(route.with_field(name, [])), name)
        entry = route.example[name][0]
        endless = json.dumps(route.with_field(name, ["a" if isinstance(entry, str) else entry] * 10_001)).encode()
        if len(endless) <= LIMIT:
            sender.refused(sender.send(content=endless), name)


@every_route
def test_texts_that_no_text_is(sender, route):
    for text in ("a\0b", "\0", "a" * (LIMIT - 4000), "\u202e\u0000", "\x1b[2J", "\ufffe\uffff", "𝕒̶" * 1000):
        for name, value in route.example.items():
            if isinstance(value, str):
                sender.json(route.with_field(name, text))
            elif isinstance(value, list):
                sender.json(route.with_field(name, [text]))


@every_route
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_is_none(sender, route, name):
    coded = base64.b64encode(PICTURES[name]).decode()
    for body in route.with_picture(coded):
        sender.json(body)
    for body in list(route.with_picture(f"data:image/png;base64,{coded}"))[:1]:
        sender.json(body)


@every_route
@pytest.mark.parametrize("name", NO_PICTURES)
def test_an_image_that_is_a_path_a_url_or_nothing(sender, route, name):
    for body in route.with_picture(NO_PICTURES[name]):
        answer = sender.json(body)
        assert "root:" not in answer.text


@pytest.mark.parametrize("image", [*NO_PICTURES.values(), base64.b64encode(PICTURES["SVG"]).decode()])
def test_one_document_that_is_no_picture_is_told_and_the_others_are_judged(client, image):
    body = {"query": "red", "documents": ["red", {"image": image}]}
    answer = client.post("/v1/rerank", json=body)
    check(answer)
    assert answer.status_code == 200
    first, second = answer.json()["results"]
    assert (first["index"], first["relevance_score"]) == (0, 1.0)
    assert (second["index"], second["relevance_score"]) == (1, 0.0)
    assert len(second["error"]) > 8


@pytest.mark.parametrize("path", ["/v1/search", "/v1/rerank", "/rerank_batch"])
@pytest.mark.parametrize("name", ["PNG of 400 million pixels", "WebP of 268 million pixels", "SVG", "HTML"])
def test_a_query_that_is_no_picture_is_refused_by_name(client, path, name):
    body = {"query": {"image": base64.b64encode(PICTURES[name]).decode()}}
    answer = client.post(path, json=body if path == "/v1/search" else {**body, "documents": ["a"]})
    check(answer)
    assert answer.status_code in (413, 415)
    assert "query.image" in answer.text


@pytest.mark.parametrize("method_and_path", OPEN_PATHS, ids=" ".join)
@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: junk[:20])
def test_junk_in_a_path(client, method_and_path, junk):
    method, path = method_and_path
    for place in ("{name}", "{item_id}"):
        if place in path:
            url = path.replace(place, junk).replace("{name}", COLLECTION).replace("{item_id}", "a")
            answer = client.request(method, url, json={"items": [{"text": "a"}]} if method == "POST" else None)
            check(answer)
            if place == "{name}":
                assert answer.status_code >= 400, answer.text
    assert client.get("/v1/collections").status_code == 200


@pytest.mark.parametrize(
    "item_id", ["a\r\nX-Evil: 1", "a\nb", "../../etc/passwd", "\x1b[2J", "%0d%0a", " ", "a\tb", "荔/枝"]
)
def test_an_odd_id_is_refused_or_comes_back_as_it_is(client, item_id):
    answer = client.post(f"/v1/collections/{COLLECTION}/items", json={"items": [{"id": item_id, "text": "x"}]})
    check(answer)
    if answer.status_code == 200:
        assert answer.json()["ids"] == [item_id]
        hits = client.post("/v1/search", json={"query": "x"}).json()["hits"]
        assert item_id in [hit["id"] for hit in hits]
    else:
        assert "items[0].id" in answer.text or "id" in answer.json()["error"]["param"]


@pytest.mark.parametrize("given", ["a\r\nX-Evil: 1", "a" * 1000, "\0", "é".encode(), b"\xff", "", "../x", "${jndi:x}"])
def test_a_request_id_is_taken_over_only_where_it_can_do_no_harm(client, given):
    answer = client.get("/health", headers={"X-Request-Id": given})
    check(answer)
    assert answer.headers["X-Request-Id"].isalnum()
    assert len(answer.headers["X-Request-Id"]) == 32


@pytest.mark.slow
def test_memory_stays_flat(client):
    def send_all():
        for route in ROUTES:
            sender = Sender(client, route)
            for body in BODIES.values():
                sender.send(content=body)
            for data in PICTURES.values():
                for body in list(route.with_picture(base64.b64encode(data).decode()))[:2]:
                    sender.json(body)

    send_all()
    before = resident_mb()
    for _ in range(2):
        send_all()
    assert resident_mb() - before < MOST_GROWTH


def resident_mb():
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6
