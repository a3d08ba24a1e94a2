"""A picture by URL takes no longer than it may, whatever the other side does to make it last."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.web import PUBLIC, http

from content.errors import UrlFailed
from content.fetching.deadline import Deadline
from content.fetching.resolver import SystemResolver

ALLOWED_S = 0.5
SLOW = "http://public.example/slow"


def slowly(data: bytes):
    """One byte at a time."""
    for byte in data:
        time.sleep(0.05)
        yield bytes([byte])


def in_time(source, url=SLOW):
    begin = time.monotonic()
    with pytest.raises(UrlFailed, match=r"did not come within 0\.5 s"):
        source.fetch(url)
    assert ALLOWED_S - 0.1 < time.monotonic() - begin < ALLOWED_S + 1


@pytest.fixture
def hurried(make_source):
    return make_source(timeout_s=ALLOWED_S)


@pytest.fixture
def silence():
    """An answer that never begins; it ends with the test."""
    end = threading.Event()

    def answer():
        end.wait(30)
        yield b""

    yield answer
    end.set()


def test_a_server_that_says_nothing(hurried, pages, silence):
    pages["/slow"] = silence
    in_time(hurried)


def test_headers_that_drip(hurried, pages):
    pages["/slow"] = lambda: slowly(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200)
    in_time(hurried)


def test_notes_before_the_answer_that_never_comes(hurried, pages):
    pages["/slow"] = lambda: slowly(b"HTTP/1.1 100 Continue\r\n\r\n" * 50)
    in_time(hurried)


def test_a_body_that_drips(hurried, pages, png):
    pages["/slow"] = lambda: slowly(http(png * 10))
    in_time(hurried)


def test_redirects_share_one_deadline(hurried, pages):
    def slow_redirect():
        time.sleep(0.2)
        yield b"HTTP/1.1 302 Found\r\nLocation: /slow\r\nContent-Length: 0\r\n\r\n"

    pages["/slow"] = slow_redirect
    in_time(hurried)


def test_a_handshake_that_is_not_answered(hurried, web, serve):
    web.sites[PUBLIC, 443] = serve(lambda target: b"")  # waits for a request in plain text
    in_time(hurried, "https://public.example/slow")


def test_a_name_that_is_long_looked_up(make_source, monkeypatch):
    end = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: end.wait(30) and [])
    resolver = SystemResolver(threads=1)
    source = make_source(timeout_s=ALLOWED_S, resolve=resolver)
    in_time(source, "http://slow.example/")
    in_time(source, "http://slow.example/")  # nor does the wait for a free thread last longer
    end.set()


def test_the_wait_for_a_turn_counts(make_source, pages, silence):
    source = make_source(timeout_s=ALLOWED_S, at_once=1)
    pages.update({f"/{number}": silence for number in range(5)})
    with ThreadPoolExecutor(5) as threads:
        list(threads.map(lambda number: in_time(source, f"http://public.example/{number}"), range(5)))


def test_no_more_are_fetched_at_a_time_than_may_be(make_source, pages, png):
    running, most, lock = [0], [0], threading.Lock()

    def page():
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.1)
        with lock:
            running[0] -= 1
        yield http(png)

    pages.update({f"/{number}": page for number in range(9)})
    source = make_source(at_once=3)
    with ThreadPoolExecutor(9) as threads:
        list(threads.map(lambda number: source.fetch(f"http://public.example/{number}"), range(9)))
    assert most[0] == 3


def test_the_systems_resolver_finds_this_machine():
    assert "127.0.0.1" in {str(address) for address in SystemResolver()("localhost", Deadline(5))}
    assert SystemResolver()("no..name", Deadline(5)) == []
