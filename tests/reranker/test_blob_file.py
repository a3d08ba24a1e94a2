"""Blobs in a file: they outlive the process, however it ends, and keep to their bound."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from support.blob_writer import ROOM, SPACE, blob_of, key_of

from reranker.blob_file import BlobFile

ROOT = Path(__file__).parents[2]
BOUND = 2 * 2**20  # room for some 50 of them


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "blobs"


def opened(path: Path, max_bytes: int = ROOM):
    return closing(BlobFile(path, max_bytes))


def put(file: BlobFile, number: int) -> bool:
    return file.put(SPACE, key_of(number), blob_of(number), {})


def fill(path: Path, numbers, max_bytes: int = ROOM) -> None:
    with opened(path, max_bytes) as file:
        for number in numbers:
            put(file, number)


def found(file: BlobFile, numbers) -> list[int]:
    """Those that are there; each must be what was put."""
    there = {number: file.get(SPACE, key_of(number)) for number in numbers}
    assert all(blob is None or blob == blob_of(number) for number, blob in there.items())
    return [number for number, blob in there.items() if blob is not None]


def start_writer(path: Path, numbers: range) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    arguments = map(str, (path, numbers.start, numbers.stop, numbers.step))
    return subprocess.Popen(
        [sys.executable, "-m", "support.blob_writer", *arguments],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_a_killed_writer_loses_nothing_that_it_said_was_written(path):
    rng, first = random.Random(3), 0
    for _ in range(5):
        writer = start_writer(path, range(first, 10**6))
        try:
            lines = [writer.stdout.readline()]
            time.sleep(rng.uniform(0.0, 0.1))
            writer.send_signal(signal.SIGKILL)
            lines += writer.stdout.readlines()
        finally:
            writer.kill()
            writer.communicate()
        last = max(int(line.split()[1]) for line in lines if line.endswith("\n"))
        with opened(path) as file:
            assert found(file, range(last + 1)) == list(range(last + 1))
            first = len(found(file, range(last + 2)))  # one more may have been written but not yet said so
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_processes_share_a_file_from_its_first_moment(path):
    writers = [start_writer(path, range(first, 60, 3)) for first in range(3)]
    fill(path, range(60, 80))
    for writer in writers:
        out, err = writer.communicate(timeout=120)
        assert (writer.returncode, err, out.count("written")) == (0, "", 20)
    with opened(path) as file:
        assert found(file, range(80)) == list(range(80))
        assert file.count(SPACE) == 80


def test_the_file_keeps_to_its_bound_and_forgets_the_oldest(path):
    with opened(path, BOUND) as file:
        for number in range(150):
            put(file, number)
            assert file.nbytes <= BOUND
        kept = found(file, range(150))
        assert kept == list(range(150 - len(kept), 150))
        assert len(kept) >= 40
    assert BOUND - 2**19 < path.stat().st_size <= BOUND


def test_a_lower_bound_gives_room_back_to_the_disk(path):
    fill(path, range(100))
    before = path.stat().st_size
    with opened(path, 2**20) as file:
        assert file.nbytes <= 2**20
        assert 99 in found(file, range(100))
    assert path.stat().st_size <= 2**20 < before


def test_noting_a_use_keeps_a_blob_that_would_be_the_next_to_go(path):
    fill(path, range(30), BOUND)
    with opened(path, BOUND) as file:
        file.note_use(SPACE, {key_of(3): time.time(), key_of(999): time.time()})
        file.put(SPACE, key_of(100), blob_of(100), {key_of(5): time.time()})
    fill(path, range(101, 130), BOUND)
    with opened(path, BOUND) as file:
        assert found(file, range(2, 7)) == [3, 5]


def test_a_note_of_an_older_use_counts_for_nothing(path):
    fill(path, range(30), BOUND)
    with opened(path, BOUND) as file:
        file.note_use(SPACE, {key_of(29): 1.0})
    fill(path, range(101, 130), BOUND)
    with opened(path, BOUND) as file:
        assert found(file, [0, 29]) == [29]


def test_what_was_used_since_a_moment_can_be_spared(path):
    fill(path, range(20), BOUND)
    begin = time.time()
    with opened(path, BOUND) as file:
        file.note_use(SPACE, {key_of(3): time.time()})
        kept = [n for n in range(100, 160) if file.put(SPACE, key_of(n), blob_of(n), {}, spare_since=begin)]
        assert kept == list(range(100, 100 + len(kept)))
        assert found(file, [*range(20), *range(100, 160)]) == [3, *kept]
        assert file.nbytes <= BOUND


def test_what_is_removed_is_gone_and_may_come_again(path):
    with opened(path) as file:
        put(file, 1)
        put(file, 2)
        file.remove(SPACE, key_of(1))
        file.remove(SPACE, key_of(7))
        assert found(file, range(3)) == [2]
        put(file, 1)
        assert found(file, range(3)) == [1, 2]
