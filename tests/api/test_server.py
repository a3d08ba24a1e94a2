"""The server as a process: over real sockets, ended by signals, on a port that may be busy."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from support.toy_server import GRACE, SLOW, STEP
from support.toy_service import COLLECTION, data_uri

from api.server import listen, run, url_of
from content.errors import SettingsError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def server(tmp_path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "support.toy_server", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    try:
        with httpx.Client(base_url=process.stdout.readline().strip(), timeout=30) as client:
            wait_for(client, "/ready")
            yield process, client
    finally:
        process.kill()
        process.communicate()


def wait_for(client, path):
    deadline = time.monotonic() + 60
    while client.get(path).status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def fill(client):
    items = [{"id": "a b?c=d#e%2F", "text": "slow mug", "image": data_uri("red")}]
    assert client.post(f"/v1/collections/{COLLECTION}/items", json={"items": items}).status_code == 200


def search(client, query):
    return client.post("/v1/search", json={"query": query})


def test_an_odd_id_survives_the_way_over_real_sockets(server):
    _, client = server
    fill(client)
    hit = search(client, "mug").json()["hits"][0]
    assert hit["id"] == "a b?c=d#e%2F"
    assert client.get(hit["image_url"]).headers["content-type"] == "image/png"
    assert client.get(f"/v1/collections/{COLLECTION}/items/{quote(hit['id'], safe='')}").json()["text"] == "slow mug"


def test_health_answers_while_searches_compute(server):
    _, client = server
    fill(client)
    with ThreadPoolExecutor(4) as threads:
        begin = time.perf_counter()
        searches = [threads.submit(search, client, "slow") for _ in range(4)]
        times = []
        while time.perf_counter() - begin < SLOW:
            before = time.perf_counter()
            assert client.get("/health").status_code == 200
            times.append(time.perf_counter() - before)
        assert not all(each.done() for each in searches)
        assert {each.result().status_code for each in searches} == {200}
    assert len(times) > 5
    assert sorted(times)[len(times) // 2] < 0.2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_after_the_running_requests_with_exit_code_0(server, number):
    process, client = server
    fill(client)
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(search, client, "slow")
        time.sleep(SLOW / 3)
        process.send_signal(number)
        assert running.result().status_code == 200
    out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in out + err


@pytest.mark.slow
@pytest.mark.parametrize(("query", "documents"), [("long", 1000), ("stuck", 1)])  # many steps, and one without an end
def test_a_request_that_outlasts_the_grace_is_answered_in_the_usual_shape(server, query, documents):
    process, client = server
    body = {"query": query, "documents": ["x"] * documents}
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(client.post, "/v1/rerank", json=body)
        time.sleep(3 * STEP)
        process.send_signal(signal.SIGTERM)
        begin = time.perf_counter()
        answer = running.result()
        took = time.perf_counter() - begin
    assert (answer.status_code, answer.json()["error"]["type"]) == (503, "not_ready")
    assert GRACE - 1.5 < took < GRACE
    assert process.communicate(timeout=20) == ("", "")
    assert process.returncode == 0


def test_a_body_over_the_limit_is_answered_over_real_sockets(server):
    _, client = server
    for body in (b" " * 2**23, iter([b" " * 2**16] * 128)):
        answer = client.post("/v1/search", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 413
        assert "1 MiB" in answer.json()["error"]["message"]
    assert search(client, "red").status_code == 200


def test_a_caller_who_leaves_in_the_middle_of_a_body_harms_nobody(server):
    process, client = server
    with socket.create_connection((client.base_url.host, client.base_url.port)) as raw:
        raw.sendall(
            b"POST /v1/search HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
        )
    assert search(client, "red").status_code == 200
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=20) == ("", "")


def test_a_client_that_is_killed_stops_costing_anything(server):
    _, client = server

    def steps_begun():
        return client.post("/v1/rerank", json={"query": "steps", "documents": ["x"]}).json()["usage"]["total_tokens"]

    send = (
        "import sys, json, urllib.request as web; body = json.dumps({'query': 'long', 'documents': ['x'] * 1000}); "
        "web.urlopen(web.Request(sys.argv[1], body.encode(), {'Content-Type': 'application/json'}))"
    )
    victim = subprocess.Popen([sys.executable, "-c", send, f"{client.base_url}/v1/rerank"])
    while steps_begun() == 0:
        assert victim.poll() is None
    victim.kill()
    victim.wait()
    before, after = -1, steps_begun()
    while before < after:  # would go on to 32 otherwise
        time.sleep(5 * STEP)
        before, after = after, steps_begun()

    assert after < 20
    assert client.post("/v1/rerank", json={"query": "long", "documents": ["x"]}).status_code == 200
    assert steps_begun() == after + 1


def test_a_busy_port_is_one_line_and_exit_code_2(tmp_path):
    with listen("127.0.0.1", 0) as busy:
        port = busy.getsockname()[1]
        start = "from search.cli.main import main; main()"
        command = [sys.executable, "-c", start, "serve", "--port", str(port)]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=env, timeout=60)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert str(port) in done.stderr
    assert "--port" in done.stderr


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux has it")
def test_a_caller_who_takes_nothing_of_an_answer_is_cut_off(monkeypatch):
    monkeypatch.setattr("api.server._UNREAD_S", 1)
    with listen("127.0.0.1", 0) as bound, socket.create_connection(bound.getsockname()) as caller:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        accepted, _ = bound.accept()
        accepted.settimeout(30)
        with accepted, pytest.raises(TimeoutError) as cut:
            accepted.sendall(bytes(50_000_000))
    assert cut.value.errno == errno.ETIMEDOUT  # the kernel's, which ended the connection, and not the test's


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(SettingsError, match=r"192\.0\.2\.1"):
        listen("192.0.2.1", 0)


def test_the_url_is_one_that_a_browser_here_can_open():
    with listen("0.0.0.0", 0) as everywhere:
        assert url_of(everywhere) == f"http://127.0.0.1:{everywhere.getsockname()[1]}"
    if socket.has_ipv6:
        with listen("::1", 0) as loopback:
            assert url_of(loopback) == f"http://[::1]:{loopback.getsockname()[1]}"


def test_heads_are_read_by_what_bounds_them_and_nothing_speaks_websocket(monkeypatch):
    """Whatever uvicorn would choose where other packages bring it."""
    served = []
    monkeypatch.setattr("api.server.signal.signal", lambda number, handler: None)
    monkeypatch.setattr("api.server._Server.run", lambda server, sockets: served.append(server.config))
    with listen("127.0.0.1", 0) as bound:
        run(lambda scope, receive, send: None, bound, give_up=lambda: None, grace=3)
    assert [(config.http, config.ws) for config in served] == [("h11", "none")]


def test_an_upgrade_to_websocket_is_answered_as_the_request_that_it_is(server):
    _, client = server
    headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    assert (
        client.get("/health", headers={**headers, "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}).status_code == 200
    )
