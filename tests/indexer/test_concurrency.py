"""Searches, writes and deletes on many threads: no error, no deleted item, nothing that is there and not found."""

import threading
import time

from support.toy_encoder import ToyEncoder

from indexer.locks import ReadWriteLock


def run_all(*workers):
    """Runs each in a thread of its own, and raises what one of them raised."""
    errors = []

    def guarded(work):
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever it was, the test fails with it
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    if errors:
        raise errors[0]


def test_searches_run_while_items_come_change_and_go(collection, encoded):
    collection.upsert([encoded(f"stay {n}", "red") for n in range(50)])
    batches = [[encoded(f"new {b}-{n}", "red mug") for n in range(10)] for b in range(30)]
    changes = [[encoded(f"stay {n}", "red", colour="red", turn=b) for n in range(10)] for b in range(30)]
    came, going, gone, stop = set(), set(), set(), threading.Event()
    queries = ToyEncoder().encode_texts(["red", "mug"])

    def write():
        for batch, change in zip(batches, changes, strict=True):
            collection.upsert(batch)
            came.update(item.id for item in batch)
            collection.upsert(change)
        stop.set()

    def delete():
        while not stop.is_set():
            victims = sorted(came - gone)[:5]
            going.update(victims)
            assert collection.delete(victims) == len(victims)
            gone.update(victims)

    def search():
        while not stop.is_set():
            gone_before, came_before = set(gone), set(came)
            ranking = {hit.id: hit.score for hit in collection.nearest("text", queries, 1000)[0]}
            assert not gone_before & ranking.keys()
            assert came_before - going <= ranking.keys()
            assert {f"stay {n}" for n in range(50)} <= ranking.keys()  # also while they are being replaced

    def read():
        while not stop.is_set():
            for item in collection.get(collection.ids(20)):
                assert item is None or item.text
            assert len(collection) >= 50

    run_all(write, delete, search, search, read)
    assert len(collection) == 50 + 300 - len(gone)
    assert len(collection.nearest("text", queries, 1000)[0]) == len(collection)
    assert collection.count("image") == 10


def test_a_writer_waits_for_readers_and_keeps_others_out():
    lock, log = ReadWriteLock(), []
    reading, release = threading.Event(), threading.Event()

    def reader():
        with lock.reading():
            reading.set()
            release.wait(10)
            log.append("read")

    def writer():
        reading.wait(10)
        with lock.writing():
            log.append("write")

    def late_reader():
        reading.wait(10)
        time.sleep(0.1)  # behind the writer
        with lock.reading():
            log.append("late")

    def releaser():
        reading.wait(10)
        time.sleep(0.2)
        release.set()

    run_all(reader, writer, late_reader, releaser)
    assert log == ["read", "write", "late"]


def test_readers_do_not_wait_for_each_other():
    lock, both = ReadWriteLock(), threading.Barrier(2)

    def reader():
        with lock.reading():
            both.wait(10)  # passes only when both are inside

    run_all(reader, reader)
    with lock.writing():
        pass
