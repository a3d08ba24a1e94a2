"""Pictures by URL are kept for a while, and fetched once for all who want them at the same time."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.web import http, redirect

from content.errors import LycheeError, UrlFailed
from content.fetching import cache
from content.fetching.cache import UrlCache
from content.fetching.freshness import seconds_to_keep

CAT = "http://public.example/cat.png"


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(cache, "monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", 300),
        ("public", 300),
        ("max-age=7", 7),
        ("public, Max-Age=7, must-revalidate", 7),
        ('max-age="7"', 7),
        ("max-age=7, s-maxage=9", 9),
        ("max-age=31536000", 3600),
        ("max-age=0", 0),
        ("max-age=-1", 300),
        ("no-store", 0),
        ("max-age=7,no-cache", 0),
        ("private, max-age=7", 0),
        ('private="x", max-age=7', 0),
        ("stale-if-error=9, x-no-storey", 300),
    ],
)
def test_how_long_an_answer_may_be_kept(header, seconds):
    assert seconds_to_keep(header) == seconds


def test_a_picture_is_kept_for_as_long_as_its_server_says(make_source, pages, public, png, clock):
    source = make_source(cache_bytes=10**6)
    pages["/cat.png"] = http(png, cache_control="max-age=60")

    assert source.fetch(CAT) == source.fetch("HTTP://PUBLIC.example:80/cat.png#same") == png
    assert len(public.requests) == 1
    clock[0] += 59
    source.fetch(CAT)
    assert len(public.requests) == 1
    clock[0] += 1
    assert source.fetch(CAT) == png
    assert len(public.requests) == 2


@pytest.mark.parametrize("header", ["no-store", "max-age=0", "private"])
def test_what_is_not_to_be_kept_is_not(make_source, pages, public, png, header):
    source = make_source(cache_bytes=10**6)
    pages["/cat.png"] = http(png, cache_control=header)
    pages["/moved"] = http(status="302 Found", location="/dog.png", cache_control=header)
    pages["/dog.png"] = http(png)
    for url in (CAT, CAT, "http://public.example/moved", "http://public.example/moved"):
        source.fetch(url)
    assert public.targets() == ["/cat.png"] * 2 + ["/moved", "/dog.png"] * 2


def test_errors_are_not_kept(make_source, pages, public, png):
    source = make_source(cache_bytes=10**6)
    pages["/cat.png"] = http(status="503 Busy")
    with pytest.raises(UrlFailed):
        source.fetch(CAT)
    pages["/cat.png"] = http(png)
    assert source.fetch(CAT) == png


def test_nothing_is_kept_where_there_is_no_room(make_source, public, png):
    source = make_source(cache_bytes=0)
    assert source.fetch(CAT) == source.fetch(CAT) == png
    assert len(public.requests) == 2


def test_the_least_recently_used_is_forgotten_first():
    kept = UrlCache(3 * 11)
    for url in "abc":
        kept.put(url, bytes(10), 60)
    assert kept.get("a")
    kept.put("d", bytes(10), 60)
    assert [url for url in "abcd" if kept.get(url)] == ["a", "c", "d"]
    kept.put("a", bytes(5), 60)  # in place of the longer one
    assert kept.get("a") == bytes(5)
    kept.put("e", bytes(33), 60)  # larger than all the room
    assert [url for url in "acde" if kept.get(url)] == ["a", "c", "d"]


@pytest.mark.parametrize("good", [True, False])
def test_a_url_that_many_want_at_once_is_fetched_once(make_source, pages, public, png, good):
    source = make_source(cache_bytes=0)
    begun, go = threading.Event(), threading.Event()

    def page():
        begun.set()
        go.wait(5)
        yield http(png) if good else redirect("http://127.0.0.1/")

    pages["/cat.png"] = page

    def fetch(number):
        try:
            return source.fetch(CAT)
        except LycheeError as error:
            error.param = f"documents[{number}]"
            return error

    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(fetch, 0)
        assert begun.wait(5)
        others = [threads.submit(fetch, number) for number in range(1, 8)]
        time.sleep(0.2)  # whoever has not joined by now would fetch anew, and be counted
        go.set()
        answers = [first.result(), *(other.result() for other in others)]

    assert len(public.requests) == 1
    if good:
        assert answers == [png] * 8
    else:  # each has an error of its own, which names its own field
        assert [error.param for error in answers] == [f"documents[{number}]" for number in range(8)]
