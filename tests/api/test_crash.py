"""A writing server is killed at random moments, again and again: what it acknowledged is there, what it did not is
there wholly or not at all, and the next server works at once. CRASH_ROUNDS sets the number of rounds."""

import os
import random
import time
from contextlib import contextmanager
from itertools import count
from threading import Timer

import httpx
import pytest
from support.crash_server import EXACT_UP_TO, forking, serve
from support.toy_encoder import ToyEncoder
from support.toy_service import COLLECTION, data_uri

from indexer.collection import Collection
from indexer.vectors.live import IndexPolicy

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "30"))
ITEMS = f"/v1/collections/{COLLECTION}/items"
Texts = dict[str, str | None]  # id -> text; None: deleted


@contextmanager
def server(context, folder):
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(str(folder), theirs), daemon=True)
    process.start()
    theirs.close()  # so that its end is noticed
    try:
        with httpx.Client(base_url=ours.recv(), timeout=30) as client:
            wait_until_ready(client)
            yield process, client
    finally:
        process.kill()
        process.join()


def writes(first: int):
    """For ever: batches of 20 new items that also replace 10 shared ones, and after each a deletion."""
    for n in count(first):
        new = {f"{n}-{i}": f"number{n} red {i}" for i in range(20)}
        yield new | {f"shared-{i}": f"number{n} blue" for i in range(10)}
        yield {f"{n}-0": None}


def send(client: httpx.Client, change: Texts) -> None:
    if None in change.values():
        (item_id,) = change
        assert client.delete(f"{ITEMS}/{item_id}").status_code == 200
    else:
        items = [{"id": item_id, "text": text} for item_id, text in change.items()]
        items[0]["image"] = data_uri("red")
        assert client.post(ITEMS, json={"items": items}).status_code == 200


def write_until_killed(process, client: httpx.Client, changes, after_s: float) -> tuple[Texts, Texts]:
    """What was acknowledged, and the one change that was not."""
    acknowledged: Texts = {}
    killer = Timer(after_s, process.kill)
    killer.start()
    for change in changes:
        try:
            send(client, change)
        except httpx.TransportError:
            break
        acknowledged |= change
    killer.join()
    return acknowledged, change


def wait_until_ready(client: httpx.Client) -> None:
    deadline = time.monotonic() + 30
    while client.get("/ready").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def texts_in(collection: Collection, ids) -> Texts:
    return {item_id: item and item.text for item_id, item in zip(ids, collection.get(list(ids)), strict=True)}


def found_by_search(client: httpx.Client, query: str) -> set[str]:
    # By words alone: a toy's vectors of other words lie just as near, and push some of thirty out of sixty.
    channels = {"image": 0, "text": 0}
    body = {"query": query, "target": "text", "candidates": 60, "top_k": 60, "rerank": False, "channels": channels}
    return {hit["id"] for hit in client.post("/v1/search", json=body).raise_for_status().json()["hits"]}


@pytest.mark.slow
@pytest.mark.timeout(60 * max(ROUNDS, 5))
def test_a_killed_server_loses_nothing_that_it_acknowledged(tmp_path):
    context, rng, expected, next_batch = forking(), random.Random(ROUNDS), {}, 0
    for _ in range(ROUNDS):
        with server(context, tmp_path) as (process, client):
            if expected:  # the first thing after a crash
                last = f"number{max(next_batch - 2, 0)}"
                right = {item_id for item_id, text in expected.items() if text and last in text.split()}
                assert right <= found_by_search(client, last)
            acknowledged, pending = write_until_killed(process, client, writes(next_batch), rng.uniform(0.05, 0.6))
        expected |= acknowledged
        with Collection.open(tmp_path / COLLECTION, ToyEncoder(), IndexPolicy(EXACT_UP_TO)) as collection:
            there = texts_in(collection, pending)
            assert there == pending or there == {item_id: expected.get(item_id) for item_id in pending}
            expected |= there
            assert texts_in(collection, expected) == expected
            assert len(collection) == sum(text is not None for text in expected.values())
            assert collection.count("text") == len(collection)
            report = collection.check()
            assert report.is_clean, report
        next_batch = 1 + max(int(item_id.partition("-")[0]) for item_id in expected if item_id[0].isdigit())
    assert next_batch > ROUNDS
