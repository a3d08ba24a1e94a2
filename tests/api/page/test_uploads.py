"""What visitors upload is their own, and is gone soon. On the real page: it is Gradio that would tell others of it."""

import asyncio
import json
import os
import socket
import time
from pathlib import Path

import httpx
import pytest
from support.listening import listening
from support.toy_reranker import ToyReranker
from support.toy_service import COLLECTION, picture

from api.page.build import build_page
from api.page.uploads.folder import Uploads
from search.settings import Settings

FILE = "/gradio_api/file="
KEPT_S = 3600


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("uploads")
    settings = Settings(collections=folder, collection=COLLECTION, max_upload_bytes=100_000)
    with listening(settings, ToyReranker(), build_page) as address:
        until(lambda: httpx.get("http://{}:{}/config".format(*address)).status_code == 200)
        yield address


@pytest.fixture
def visitor(address):
    """Makes visitors, each with a browser's cookies."""
    opened = []

    def visitor():
        client = httpx.Client(base_url="http://{}:{}".format(*address), timeout=30)
        opened.append(client)
        assert client.get("/").status_code == 200
        assert client.cookies
        return client

    yield visitor
    for client in opened:
        client.close()


def until(happens):
    deadline = time.monotonic() + 30
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def under(folder):
    """All files and folders there; unlike rglob, os.walk passes over what is removed while it looks."""
    return sorted(Path(at, name) for at, folders, files in os.walk(folder) for name in folders + files)


def upload(client, data=b"", name="mug.png"):
    answer = client.post("/gradio_api/upload", files={"files": (name, data or picture("red"), "image/png")})
    answer.raise_for_status()
    (path,) = answer.json()
    return path


def ask(client, path, **around):
    """Asks for an event that names a file."""
    file = {"path": path, "meta": {"_type": "gradio.FileData"}, **around}
    return client.post("/gradio_api/queue/join", json={"data": [[{"deep": file}]], "fn_index": 0, "session_hash": "s"})


def test_a_visitor_sees_their_own_upload_and_nobody_elses(visitor):
    one, other = visitor(), visitor()
    path = upload(one)
    assert one.get(FILE + path).content == picture("red")
    assert other.get(FILE + path).status_code == 404
    assert httpx.get(str(other.base_url) + FILE + path).status_code == 404
    assert ask(one, path).status_code == 200
    assert ask(other, path).status_code == 404


def test_two_who_upload_the_same_file_have_one_each(visitor):
    one, other = visitor(), visitor()
    first, second, again = upload(one), upload(other), upload(one)
    assert len({first, second, again}) == 3
    Path(first).unlink()
    assert one.get(FILE + first).status_code == 404
    assert ask(one, first).status_code == 404
    assert other.get(FILE + second).content == one.get(FILE + again).content == picture("red")


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "http://127.0.0.1:9/a.png", "https://example.org/a.png", "", "..", "a\0b"]
)
def test_no_event_reads_or_fetches_anything_but_an_upload(visitor, path):
    client = visitor()
    assert ask(client, path).status_code == 404
    assert ask(client, path, url="http://127.0.0.1:9/a.png").status_code == 404


@pytest.mark.parametrize("around", [{}, {"meta": None}, {"meta": {}}, {"meta": {"_type": "other"}}, {"url": "/"}])
def test_a_picture_that_is_not_called_a_file_is_no_way_past_the_guard(visitor, around):
    one, other = visitor(), visitor()
    for path in ("/dev/zero", "/etc/passwd", upload(one)):
        body = {"data": ["", {"path": path, **around}], "fn_index": 0, "session_hash": "s"}
        assert other.post("/gradio_api/queue/join", json=body).status_code == 404


def test_no_way_of_writing_a_body_leads_past_the_guard(visitor):
    one, other = visitor(), visitor()
    path = upload(one)
    said = json.dumps(
        {"data": [{"path": path, "meta": {"_type": "gradio.FileData"}}], "fn_index": 0, "session_hash": "s"}
    )
    escaped = said.replace("gradio.FileData", "gradio.F\\u0069leData").replace("path", "p\\u0061th")
    for body in (
        said.encode(),
        escaped.encode(),
        said.encode("utf-16"),
        said.encode("utf-32"),
        said.encode("utf-8-sig"),
    ):
        for event in ("queue/join", "call/search", "call/v2/search"):
            answer = other.post(f"/gradio_api/{event}", content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code in (400, 404), body
            assert "event_id" not in answer.text


@pytest.mark.parametrize(
    "asked", ["/etc/passwd", "etc/passwd", "http://127.0.0.1:9/", "https://example.org/a", "%2e%2e/x"]
)
def test_no_other_file_is_served_and_nothing_is_fetched(visitor, asked):
    assert visitor().get(FILE + asked).status_code == 404


def test_no_path_leads_out_of_a_visitors_own_folder(visitor):
    one, other = visitor(), visitor()
    theirs, own = Path(upload(one)), Path(upload(other))
    into = own.parents[2] / ".." / theirs.relative_to(theirs.parents[3])
    (own.parent / "link.png").symlink_to(theirs)
    for path in (into, own.parent / "link.png"):
        assert path.is_file()
        assert other.get(f"{FILE}{path}").status_code == 404
        assert ask(other, str(path)).status_code == 404


@pytest.mark.parametrize("name", ["../../x.png", "/etc/x.png", "<b>.png", "a" * 300 + ".png", "红 杯.png", ".."])
def test_hostile_names_stay_in_the_visitors_folder(visitor, name):
    client = visitor()
    home = Path(upload(client)).parents[2]
    answer = client.post("/gradio_api/upload", files={"files": (name, picture("blue"), "image/png")})
    for path in answer.json() if answer.status_code == 200 else []:
        assert Path(path).is_relative_to(home)
    assert answer.status_code == (400 if name == ".." else 200)


def test_too_large_a_file_is_refused_and_leaves_nothing_behind(visitor):
    client = visitor()
    home = Path(upload(client)).parents[2]
    before = under(home)
    refused = client.post("/gradio_api/upload", files={"files": ("a.bin", os.urandom(200_000))})
    assert refused.status_code == 413
    until(lambda: under(home) == before)


def test_an_upload_that_breaks_off_leaves_nothing_behind(visitor, address):
    client = visitor()
    home = Path(upload(client)).parents[2]
    before = under(home)
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    head = (
        f"POST /gradio_api/upload HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\nContent-Length: 90000\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n'
    )
    with socket.create_connection(address) as raw:
        raw.sendall(head.encode() + b"x" * 50_000)
        until(lambda: len(under(home)) > len(before))
    until(lambda: under(home) == before)


def test_nobody_else_on_the_machine_reads_uploads_and_they_go_with_the_server(tmp_path):
    settings = Settings(collections=tmp_path, collection=COLLECTION)
    with listening(settings, ToyReranker(), build_page) as address:
        base = "http://{}:{}".format(*address)
        until(lambda: httpx.get(f"{base}/config").status_code == 200)
        with httpx.Client(base_url=base, timeout=30) as client:
            path = Path(upload(client))
        root = path.parents[3]
        assert path.is_file()
        assert root.stat().st_mode & 0o077 == 0
    assert not root.exists()


def made(uploads, owner, name="a.png"):
    with uploads.receiving(owner) as folder:
        (folder / "digest").mkdir()
        (folder / "digest" / name).write_bytes(b"x")
        return folder / "digest" / name


def aged(path, upload, seconds):
    for each in (path, path.parent, upload):
        os.utime(each, (time.time() - seconds,) * 2)


def test_uploads_that_nobody_used_for_an_hour_are_removed(tmp_path):
    uploads = Uploads(tmp_path, kept_s=KEPT_S)
    unused, used, fresh = (made(uploads, "of-a") for _ in range(3))
    for path in (unused, used):
        aged(path, path.parents[1], KEPT_S + 60)
    assert uploads.allows("of-a", str(used))
    uploads.remove_old()
    assert [path.exists() for path in (unused, used, fresh)] == [False, True, True]
    assert not unused.parents[1].exists()


def test_uploads_go_when_the_last_page_of_their_owner_is_closed(tmp_path):
    async def steps():
        uploads = Uploads(tmp_path, away_s=0.05)
        mine, others = made(uploads, "of-a"), made(uploads, "of-b")
        with uploads.opened("of-b"):
            with uploads.opened("of-a"):
                with uploads.opened("of-a"):
                    pass
                await asyncio.sleep(0.2)
                assert mine.exists(), "another page of theirs is open"
            with uploads.opened("of-a"):
                await asyncio.sleep(0.2)
                assert mine.exists(), "they came back"
            for _ in range(100):
                await asyncio.sleep(0.02)
                if not mine.exists():
                    break
            assert not mine.exists()
            assert others.exists()

    asyncio.run(steps())
