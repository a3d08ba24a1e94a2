"""Uploads on their way to the disk: too large, too many at a time, too slow, and more than the disk holds."""

import asyncio
import socket
import time

import httpx
import pytest
from support.listening import listening, said_to
from support.plain_page import plain_page
from support.toy_reranker import ToyReranker
from support.toy_service import COLLECTION

from api.guards.uploads import UploadGuard
from search.settings import Settings

MIB = 2**20
PATH = "/gradio_api/upload"


async def reads_all(scope, receive, send):
    """Answers 200 when it has read the body."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


class Exchange:
    """One upload through a guard, piece by piece."""

    def __init__(self, guard, declared):
        self.pieces = asyncio.Queue()
        self.statuses = []
        headers = [] if declared is None else [(b"content-length", str(declared).encode())]
        scope = {"type": "http", "method": "POST", "path": PATH, "headers": headers, "state": {"request_id": "r"}}
        self.task = asyncio.ensure_future(guard(scope, self.pieces.get, self.send))

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.statuses.append(message["status"])

    async def comes(self, size, *, last=True):
        await self.pieces.put({"type": "http.request", "body": b"x" * size, "more_body": not last})
        await asyncio.sleep(0)

    async def status(self):
        await self.task
        return self.statuses[0]


def guard(**changes):
    return UploadGuard(reads_all, **{"largest": 5 * MIB, "free": lambda: 10**12, "spared": 10**9, **changes})


def ran(steps):
    return asyncio.run(steps)


def test_an_upload_is_refused_by_its_declared_length_before_any_of_it_is_read():
    async def steps():
        return await Exchange(guard(), 7 * MIB).status()  # nothing of it ever comes

    assert ran(steps()) == 413


def test_an_upload_that_declared_nothing_is_refused_as_soon_as_it_is_too_large():
    async def steps():
        exchange = Exchange(guard(), None)
        for _ in range(7):
            await exchange.comes(MIB, last=False)
        with pytest.raises(Exception, match="5 MiB") as refused:
            await exchange.task
        return refused.value.status_code

    assert ran(steps()) == 413


def test_only_so_many_come_at_a_time_and_one_that_is_over_makes_room():
    async def steps():
        small = guard(at_once=2)
        first, second, third = (Exchange(small, 10) for _ in range(3))
        await asyncio.sleep(0)
        refused = await third.status()
        await first.comes(10)
        taken = await first.status()
        fourth = Exchange(small, 10)
        await fourth.comes(10)
        await second.comes(10)
        return refused, taken, await fourth.status(), await second.status()

    assert ran(steps()) == (429, 200, 200, 200)


def test_uploads_leave_others_their_part_of_the_disk():
    async def steps():
        nearly_full = guard(free=lambda: 10**9 + 4 * MIB)
        running = Exchange(nearly_full, 3 * MIB)
        await asyncio.sleep(0)
        refused = await Exchange(nearly_full, 3 * MIB).status()
        await running.comes(3 * MIB)
        return refused, await running.status()

    assert ran(steps()) == (507, 200)


def test_an_upload_ends_when_the_disk_is_filled_by_others_meanwhile():
    async def steps():
        free = [10**12]
        exchange = Exchange(guard(largest=64 * MIB, free=lambda: free[0]), None)
        await exchange.comes(MIB, last=False)
        free[0] = 10**8
        await exchange.comes(20 * MIB, last=False)
        with pytest.raises(Exception, match="no room") as refused:
            await exchange.task
        return refused.value.status_code

    assert ran(steps()) == 507


def test_an_upload_may_take_as_long_as_its_bytes_keep_coming():
    async def steps():
        patient = guard(gap_s=0.15)
        slow, stalled = Exchange(patient, 6), Exchange(patient, 6)
        for _ in range(5):
            await slow.comes(1, last=False)
            await asyncio.sleep(0.05)
        await slow.comes(1)
        with pytest.raises(Exception, match="nothing of the upload came") as refused:
            await stalled.task
        return await slow.status(), refused.value.status_code

    assert ran(steps()) == (200, 408)


def test_an_upload_is_not_counted_among_the_bodies_that_wait(tmp_path):
    settings = Settings(
        collections=tmp_path,
        collection=COLLECTION,
        max_waiting_bytes=10_000,
        max_body_bytes=10_000,
        request_timeout_s=1,
    )
    with listening(settings, ToyReranker(), plain_page) as address:
        url = "http://{}:{}".format(*address)
        until = time.monotonic() + 10
        while httpx.get(url).status_code == 503:
            assert time.monotonic() < until
        with socket.create_connection(address, timeout=10) as raw:
            raw.sendall(b"POST " + PATH.encode() + b" HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n")
            raw.sendall(b"x" * 500_000)
            time.sleep(1.2)  # longer than any other body may take
            assert httpx.post(url + "/v1/search", json={"query": "x" * 5000}).status_code == 200
            raw.sendall(b"x" * 400_000)
            answer = b""
            while b"}" not in answer:  # head and body may come one after the other
                part = raw.recv(65536)
                assert part, answer
                answer += part
        assert b'"bytes":900000' in answer
        assert httpx.post(url + "/gradio_api/queue/join", content=b"x" * 20_000).status_code == 413


def test_too_large_an_upload_is_answered_on_the_wire(tmp_path):
    settings = Settings(collections=tmp_path, collection=COLLECTION, max_upload_bytes=1000)
    with listening(settings, ToyReranker(), plain_page) as address:
        said = said_to(
            address,
            b"POST "
            + PATH.encode()
            + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2000000\r\n\r\n",
        )
    assert said.startswith("HTTP/1.1 413")
    assert "choose less at a time" in said
