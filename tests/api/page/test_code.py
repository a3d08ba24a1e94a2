"""The code that the page shows does again what the page did: run by bash and by Python, and held against the engine."""

import inspect
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from support.toy_service import COLLECTION, base64_of, data_uri, picture

from api.page.code import PictureFile, code_html
from api.page.code.curl import curl_line
from api.page.code.python import python_lines
from api.page.last_deed import Deed, LastDeeds
from api.page.visit import Visit
from api.schemas.rerank import RerankBatchBody
from api.schemas.search import SearchBody
from clients import calls

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "LYCHEE_API_KEY": "lychee_it's $1"}
KEY = "Bearer lychee_it's $1"
HOSTILE = (
    """it's "so" $HOME ${HOME} $(touch caught) `touch caught` \\ \\\\ \\$x \\` !! ~ * # ; & | > <\n"""
    "JSON\n\t\r\x00\x1b\x7f\u202e\u2028 红色的杯子 😀 \\u0041 %s {name} </code></pre><script>alert(1)</script>"
)
HOSTILE_NAME = """a 'b' "c" $HOME `touch caught` \\ $(touch caught)\nJSON\n红.png"""
DEFAULTS = {"rerank": True, "explain": False, "raise_on_error": False}  # of the server, which the client sends as well
BODIES = {
    "a text": ("/v1/search", {"query": HOSTILE, "collection": None, "top_k": 3, "rerank": True}),
    "a filter": ("/v1/search", {"query": "red", "filter": {HOSTILE: {"$in": [HOSTILE, 1.5, True, None]}}}),
    "a picture": (
        "/v1/search",
        {"query": {"text": HOSTILE, "image": PictureFile(HOSTILE_NAME)}, "target": "image", "score_threshold": 0.5,
         "rerank": True},
    ),
    "a stored item": ("/v1/search", {"query": {"id": HOSTILE, "collection": "toys"}, "instruction": HOSTILE}),
    "documents": (
        "/rerank_batch",
        {"query": "red", "documents": [HOSTILE, {"text": HOSTILE}, {"image": PictureFile("-n.png")}], "top_k": 2},
    ),
    "another route": ("/v1/rerank", {"query": HOSTILE, "documents": [{"image": PictureFile(HOSTILE_NAME)}, "a"]}),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path) -> Path:
    for name in (HOSTILE_NAME, "-n.png", "red.png"):
        (tmp_path / name).write_bytes(picture("red"))
    return tmp_path


def with_bytes(value):
    """The body as a server gets it."""
    if isinstance(value, PictureFile):
        return base64_of(picture("red"))
    if isinstance(value, dict):
        return {name: with_bytes(inside) for name, inside in value.items()}
    return [with_bytes(inside) for inside in value] if isinstance(value, list) else value


def run(command, folder) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=ENVIRONMENT, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    assert not (folder / "caught").exists()
    return done.stdout


def by_bash(code, folder):
    return run(["bash", "-c", code], folder)


def by_python(code, folder):
    return run([sys.executable, "-c", code], folder)


@contextmanager
def recorder() -> Iterator[tuple[str, list[tuple[str, str | None, bytes]]]]:
    """The URL of a server that answers anything, and what it was asked: path, key, body."""
    heard = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((self.path, self.headers["Authorization"], body))
            answer = json.dumps({"id": "a", "model": "b", "reranked": True, "hits": [], "results": [], "warnings": []})
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", heard
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("asks_key", [False, True])
@pytest.mark.parametrize("what", BODIES)
def test_both_send_exactly_the_body_whatever_stands_in_it(folder, what, asks_key):
    path, body = BODIES[what]
    expected = {name: value for name, value in with_bytes(body).items() if value is not None}
    with recorder() as (url, heard):
        by_bash(curl_line(url + path, body, asks_key=asks_key), folder)
        by_python(python_lines(url, path, body, asks_key=asks_key), folder)
    assert [asked for asked, _, _ in heard] == [path, path]
    assert [key for _, key, _ in heard] == [KEY if asks_key else None] * 2
    by_curl, by_client = (json.loads(sent) for _, _, sent in heard)
    assert by_curl == expected
    assert {**{name: DEFAULTS[name] for name in by_client.keys() - expected.keys()}, **expected} == by_client


@pytest.mark.parametrize("asks_key", [False, True])
def test_nothing_that_a_reader_does_not_see_stands_in_the_code(asks_key):
    for path, body in BODIES.values():
        for code in (
            curl_line("http://a", body, asks_key=asks_key),
            python_lines("http://a", path, body, asks_key=asks_key),
        ):
            assert all(line.isprintable() for line in code.split("\n"))
            assert "红色的杯子 😀" in code or HOSTILE not in repr(body)


def test_a_picture_that_is_longer_than_an_argument_may_be_goes_as_well(folder):
    (folder / "large.bin").write_bytes(bytes(range(256)) * 4000)
    body = {"query": {"image": PictureFile("large.bin")}}
    with recorder() as (url, heard):
        by_bash(curl_line(f"{url}/v1/search", body, asks_key=False), folder)
    assert json.loads(heard[0][2])["query"]["image"] == base64_of(bytes(range(256)) * 4000)


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("toys")
    process = subprocess.Popen(
        [sys.executable, "-m", "support.toy_server", str(folder)],
        env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder,
    )  # fmt: skip
    try:
        url = process.stdout.readline().strip()
        with httpx.Client(base_url=url, timeout=30) as client:
            for _ in range(600):
                if client.get("/ready").status_code == 200:
                    break
                time.sleep(0.05)
            items = [{"id": f"picture {colour}", "image": data_uri(colour)} for colour in ("red", "green", "blue")]
            items += [{"id": "文字 'red'", "text": "red 杯子 $HOME", "metadata": {"price $": "it's"}}]
            client.post(f"/v1/collections/{COLLECTION}/items", json={"items": items}).raise_for_status()
        yield url
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    "body",
    [
        {"query": "杯子 $HOME `red` 'blue'", "top_k": 4},
        {"query": {"text": "red", "image": PictureFile(HOSTILE_NAME)}, "target": "image", "top_k": 2},
        {"query": "red", "filter": {"price $": "it's"}},
        {"query": {"image": PictureFile("red.png")}, "rerank": False},
    ],
)
def test_a_search_finds_what_the_engine_finds(server, folder, body):
    answer = httpx.post(f"{server}/v1/search", json=with_bytes(body), timeout=30).raise_for_status().json()
    assert answer["hits"]
    by_curl = json.loads(by_bash(curl_line(f"{server}/v1/search", body, asks_key=False), folder))
    assert by_curl["hits"] == answer["hits"]
    printed = by_python(python_lines(server, "/v1/search", body, asks_key=False), folder).splitlines()
    assert printed == [f"{hit['rank']} {hit['id']} {hit['score']}" for hit in answer["hits"]]


def test_a_reranking_gives_the_order_that_the_engine_gives(server, folder):
    body = {
        "query": "red 'mug'",
        "documents": ["a 'mug'", {"image": PictureFile("red.png")}, {"text": "red 'mug'\n$x"}],
    }
    answer = httpx.post(f"{server}/rerank_batch", json=with_bytes(body), timeout=30).raise_for_status().json()
    assert [each["index"] for each in answer["results"]] == [2, 0, 1]
    by_curl = json.loads(by_bash(curl_line(f"{server}/rerank_batch", body, asks_key=False), folder))
    assert by_curl["results"] == answer["results"]
    printed = by_python(python_lines(server, "/rerank_batch", body, asks_key=False), folder).splitlines()
    assert printed == [f"{each['rank']} {each['index']} {each['score']}" for each in answer["results"]]


@pytest.mark.parametrize(("call", "body"), [(calls.search, SearchBody), (calls.rerank, RerankBatchBody)])
def test_the_client_takes_every_field_of_a_body(call, body):
    assert inspect.signature(call).parameters.keys() == body.model_fields.keys()


def test_the_html_holds_the_code_as_text_and_two_buttons_that_copy_it(server):
    deeds = LastDeeds()
    html = code_html(SimpleNamespace(deeds=deeds), Visit("zh", "me", "http://a"), *BODIES["a picture"])
    assert "<script" not in html
    codes = [unescape(part.split("</code>")[0]) for part in html.split("<code>")[1:]]
    path, body = BODIES["a picture"]
    assert codes == [
        curl_line(f"http://a{path}", body, asks_key=False),
        python_lines("http://a", path, body, asks_key=False),
    ]
    assert html.count("data-copy") == 2
    assert "复制" in html
    assert deeds.of("me") == Deed(path, body)


def test_the_last_deed_of_each_page_is_remembered_and_of_few_pages_only():
    deeds = LastDeeds(pages=2, characters=100)
    for session in ("a", "b", "a", "c"):
        deeds.keep(session, Deed("/v1/search", {"query": session}))
    assert [deeds.of(session) for session in "abc"] == [
        Deed("/v1/search", {"query": "a"}), None, Deed("/v1/search", {"query": "c"})
    ]  # fmt: skip
    deeds.keep("c", Deed("/v1/search", {"query": "x" * 100}))
    assert deeds.of("c") is None
    deeds.keep("", Deed("/v1/search", {"query": "a"}))
    assert deeds.of("") is None
