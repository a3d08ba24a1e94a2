"""Two processes at one collection: what one has written, the other's next search sees."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.toy_encoder import ToyEncoder

from indexer.collection import Collection
from indexer.filters import parse_filter
from indexer.vectors.live import IndexPolicy

ROOT = Path(__file__).parents[2]
SIZE = 50


@contextmanager
def upserter(folder, batches, size=SIZE):
    """Waits until it is told to begin."""
    process = subprocess.Popen(
        [sys.executable, "-m", "support.upserter", str(folder), str(batches), str(size)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def begin(process):
    process.stdin.write("go\n")
    process.stdin.flush()


def by_vector(collection, text, k=1000):
    return {hit.id for hit in collection.nearest("text", ToyEncoder().encode_texts([text]), k)[0]}


def by_words(collection, text, wanted=None):
    return {hit.id for hit in collection.by_words(text, 1000, wanted=wanted)}


def test_what_another_process_wrote_is_found_by_the_next_search(collection):
    with upserter(collection.folder, 3) as process:
        assert by_vector(collection, "red") == set()
        begin(process)
        process.communicate()
    left = {"0-49", "1-49", *(f"2-{i}" for i in range(SIZE)), "turning"}
    assert by_vector(collection, "red") == left
    newest = {item for item in left if item[0] in "2t"}
    assert {hit.id for hit in collection.by_words("number2", len(newest))} == newest  # before those of other numbers
    assert by_words(collection, "red", parse_filter({"batch": 1})) == {"1-49"}
    assert collection.count("image") == len(left)


def test_a_filter_that_was_asked_for_before_sees_what_another_process_wrote(collection):
    wanted = parse_filter({"batch": {"$gte": 1}})
    query = ToyEncoder().encode_texts(["red"])
    with upserter(collection.folder, 2) as process:
        assert collection.nearest("text", query, 10, wanted) == [[]]
        begin(process)
        process.communicate()
    assert len(collection.nearest("text", query, 1000, wanted)[0]) == SIZE + 1


def test_who_writes_before_it_searches_has_seen_what_the_other_wrote(collection, encoded):
    assert collection.count("text") == 0
    with upserter(collection.folder, 2) as process:
        begin(process)
        process.communicate()
    collection.upsert([encoded("mine", "red")])
    assert by_vector(collection, "red") == {"mine", "turning", "0-49", *(f"1-{i}" for i in range(SIZE))}


def test_two_processes_may_write_the_manifest_at_a_time(collection, encoded):
    with Collection.open(collection.folder, ToyEncoder()) as other:
        collection.upsert([encoded("a", "red")])

        def save_often(one):
            for _ in range(50):
                one.save()

        with ThreadPoolExecutor(2) as pool:
            for saved in [pool.submit(save_often, one) for one in (collection, other)]:
                saved.result()


def test_both_processes_may_write(collection, encoded):
    with upserter(collection.folder, 20) as process:
        begin(process)
        for n in range(20):
            collection.upsert([encoded(f"mine {n}", "red", n=n)])
        process.communicate()
    assert {f"mine {n}" for n in range(20)} < by_vector(collection, "red")
    assert len(by_vector(collection, "red")) == len(collection) == 20 + 19 + SIZE + 1


@pytest.mark.slow
@pytest.mark.parametrize("policy", [IndexPolicy(), IndexPolicy(exact_up_to=1000)], ids=["exact", "quantised"])
def test_searching_while_another_process_upserts_ten_thousand_items(tmp_path, encoder, policy):
    """No error, and no hit that was deleted before the search began."""
    Collection.create(tmp_path / "c", encoder).close()
    stored, deleted, done = -1, -1, threading.Event()

    def listen(process):
        nonlocal stored, deleted
        for line in process.stdout:
            verb, n = line.split()
            stored, deleted = (int(n), deleted) if verb == "stored" else (stored, int(n))
        done.set()

    with Collection.open(tmp_path / "c", encoder, policy) as collection, upserter(tmp_path / "c", 100, 100) as process:
        listener = threading.Thread(target=listen, args=(process,))
        listener.start()
        begin(process)
        searches = 0
        while not done.is_set():
            gone, there = deleted, stored
            found = by_vector(collection, f"number{there} red", 300) | by_words(collection, f"number{there}")
            assert not [
                hit for hit in found if "-" in hit and int(hit.split("-")[0]) <= gone and not hit.endswith("-99")
            ]
            assert there < 0 or f"{there}-99" in found
            searches += 1
        listener.join()
        assert len(collection) == collection.count("text") == 99 + 100 + 1
        assert searches > 20
