"""The benchmarks of a running server: what they count as right, and that they run."""

import json
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from evaluation.bench.health_probe import NO_HEALTH
from evaluation.bench.load import _Clients, _Watch, make_collection
from evaluation.bench.load_figures import LoadFigures, Outcome
from evaluation.bench.served import Served, serving
from evaluation.bench.traffic import Request, Traffic
from search.cli.main import run as lychee


def figures(**more):
    good = Outcome("search", True, 0.0, 1.0, 200, told=True)
    given = {
        "capacity": 10.0, "offered": 20.0, "seconds": 600.0, "outcomes": (good,), "in_flight": 3, "late": (),
        "exit_code": 0, "health_s": (0.01,) * 200, "resident_mb": (500.0, 900.0, *[1000.0] * 58), **more,
    }  # fmt: skip
    return LoadFigures(**given)


def test_a_server_that_keeps_all_bounds_misses_none():
    assert figures().missed == []
    assert abs(figures().drift) < 1e-9  # what it took before it was warm does not count


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"resident_mb": tuple(1000.0 + 2 * number for number in range(60))}, "memory"),
        ({"health_s": (0.01,) * 98 + (0.2,) * 2}, "/health"),
        ({"exit_code": 1}, "ended with 1"),
        ({"in_flight": 0}, "in flight"),
        ({"outcomes": (Outcome("search", True, 0.0, 1.0, 0, told=False),)}, "1 accepted"),
    ],
)
def test_each_bound_that_is_missed_is_told(change, word):
    (missed,) = figures(**change).missed
    assert word in missed


@pytest.mark.parametrize(
    ("good", "status", "told", "right"),
    [
        (True, 200, True, True), (True, 429, True, True), (True, 429, False, False), (True, 503, True, False),
        (True, 400, True, False), (True, 0, False, False), (False, 422, True, True), (False, 200, True, False),
        (False, 500, True, False), (False, 400, False, False),
    ],
)  # fmt: skip
def test_what_counts_as_answered(good, status, told, right):
    assert Outcome("kind", good, 0.0, 1.0, status, told).right is right


class Broken(BaseHTTPRequestHandler):
    """Answers everything as a server does whose app has failed."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def do_GET(self) -> None:
        self.send_response(500)
        self.end_headers()
        self.wfile.write(b"Internal Server Error")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def broken():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Broken)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_answers_that_are_none_are_counted_as_wrong_and_end_no_client(broken):
    clients = _Clients(broken, 2)
    for _ in range(4):
        clients.send(Request("search", "/v1/search", b"{}", good=True))
    clients.finish()
    assert [(each.status, each.right) for each in clients.outcomes] == [(500, False)] * 4


def test_a_health_that_fails_is_no_quick_one(broken):
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, text=True
    ) as process:
        watch = _Watch(Served(process, broken), resident_every=1)
        time.sleep(0.5)
        watch.stop()
        process.communicate("")
    assert len(watch.health) > 1
    assert set(watch.health) == {NO_HEALTH}


def test_traffic_is_the_same_for_the_same_seed_and_has_all_kinds():
    first, second = ([traffic.next() for _ in range(200)] for traffic in (Traffic(1), Traffic(1)))
    assert first == second
    assert {each.kind for each in first} == {
        "search", "rerank texts", "rerank pictures", "embed", "upsert", "bad input",
    }  # fmt: skip
    assert {each.good for each in first if each.kind == "bad input"} == {False}


@pytest.mark.slow
def test_every_kind_of_request_is_answered_as_it_has_to_be(tmp_path):
    make_collection(tmp_path)
    with serving(tmp_path) as server:
        connection, traffic = server.connect(), Traffic(1)
        for request in [traffic.next() for _ in range(40)]:
            status = connection.post(request.path, request.content).status
            assert (status == 200) if request.good else (400 <= status < 500), request.kind
        assert server.resident_mb() > 100
        connection.close()
        assert server.end() == 0


@pytest.mark.slow
def test_the_load_is_measured_and_the_server_ended_in_the_middle_of_it(capsys):
    code = lychee(["bench", "load", "--minutes", "0.1", "--json"])
    shown = capsys.readouterr()
    found = json.loads(shown.out)["figures"]
    assert all(each["told"] and each["status"] for each in found["outcomes"])
    assert found["in_flight"] > 0
    assert found["exit_code"] == 0
    assert code == (1 if shown.err else 0)  # bounds on time and memory are for an idle machine and ten minutes


@pytest.mark.slow
def test_the_way_over_http_is_measured_beside_the_engine(capsys):
    lychee(["bench", "http", "--documents", "3", "--rounds", "2", "--json"])
    found = json.loads(capsys.readouterr().out)["figures"]
    assert [way["kind"] for way in found["ways"]] == ["texts", "pictures"]
    assert all(len(way["direct"]) == len(way["http"]) == 2 for way in found["ways"])
