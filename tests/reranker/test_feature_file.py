"""Features on disk: they outlive the process and keep to their bound, and trouble with the file costs no more than the
features themselves."""

import logging
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import torch
from support.numbered_features import features_of, key_of

from reranker.feature_file import FileFeatures

ROOM = 64 * 2**20


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "collections" / "cache.sqlite"


def opened(path: Path, max_bytes: int = ROOM, model: str = "model"):
    return closing(FileFeatures(path, model, max_bytes))


def fill(path: Path, numbers, max_bytes: int = ROOM) -> None:
    with opened(path, max_bytes) as store:
        for number in numbers:
            store.put(key_of(number), features_of(number))


def found(store: FileFeatures, numbers) -> list[int]:
    """Those that are there; each must be what was put."""
    there = {number: store.get(key_of(number)) for number in numbers}
    assert all(each is None or torch.equal(each, features_of(number)) for number, each in there.items())
    return [number for number, each in there.items() if each is not None]


def test_the_next_store_finds_what_one_kept(path):
    fill(path, range(5))
    with opened(path) as store:
        assert found(store, range(6)) == [0, 1, 2, 3, 4]
        assert len(store) == 5


def test_another_model_finds_nothing(path):
    fill(path, range(3))
    with opened(path, model="another") as store:
        assert found(store, range(3)) == []
        assert len(store) == 0
        store.put(key_of(1), features_of(2))
        assert torch.equal(store.get(key_of(1)), features_of(2))
    with opened(path) as store:
        assert found(store, range(3)) == [0, 1, 2]


def test_what_was_used_before_a_restart_outlives_what_was_not(path):
    bound = 2 * 2**20  # some 50 of them
    fill(path, range(30), bound)
    with opened(path, bound) as store:
        assert found(store, [3]) == [3]
    fill(path, range(100, 130), bound)
    with opened(path, bound) as store:
        assert found(store, [2, 3, 4]) == [3]


def damaged_copies(path: Path) -> list[bytes]:
    """The file cut short in many places, and with single bytes turned over in many others."""
    whole, rng = path.read_bytes(), random.Random(1)
    cuts = [1, 50, 72, 100, 4096, *(rng.randrange(len(whole)) for _ in range(10)), len(whole) - 1]
    copies = [whole[:cut] for cut in cuts]
    for place in [*range(16, 100, 4), *(rng.randrange(len(whole)) for _ in range(40))]:
        flipped = bytearray(whole)
        flipped[place] ^= rng.randrange(1, 256)
        copies.append(bytes(flipped))
    blank = bytearray(whole)
    blank[8192:65536] = bytes(65536 - 8192)
    return [*copies, bytes(blank), whole[:100] + rng.randbytes(len(whole) - 100), b""]


def test_a_damaged_file_never_gives_wrong_features_and_never_raises(path, tmp_path, caplog):
    fill(path, range(8))
    useful = 0
    for number, damaged in enumerate(damaged_copies(path)):
        copy = tmp_path / f"{number}.sqlite"
        copy.write_bytes(damaged)
        with opened(copy) as store:
            found(store, range(8))  # none of them wrong
            store.put(key_of(50), features_of(50))
            found(store, range(8))
            useful += found(store, [50]) == [50]
        with opened(copy) as store:  # a second start gets over the damage too
            found(store, range(8))
            store.put(key_of(51), features_of(51))
            useful += found(store, [51]) == [51]
    assert useful >= 2 * number - 20  # headers that are torn make it another's file, which is left alone
    assert "damaged" in caplog.text


def test_features_with_a_byte_turned_over_are_not_found_and_can_be_kept_anew(path, caplog):
    fill(path, range(3))
    with closing(sqlite3.connect(path)) as connection, connection:
        (data,) = connection.execute("SELECT data FROM blobs ORDER BY number LIMIT 1 OFFSET 1").fetchone()
        data = bytearray(data)
        data[-5] ^= 1
        connection.execute("UPDATE blobs SET data = ? WHERE number = 2", (bytes(data),))
    with opened(path) as store:
        assert found(store, range(3)) == [0, 2]
        store.put(key_of(1), features_of(1))
        assert found(store, range(3)) == [0, 1, 2]
    assert "is damaged and is thrown away" in caplog.text


def test_features_under_the_key_of_another_picture_are_not_found(path):
    fill(path, range(3))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE blobs SET number = 10 + number % 3")
        connection.execute("UPDATE blobs SET number = number - 9")
    with opened(path) as store:
        assert found(store, range(3)) == []


def test_damage_while_the_file_is_open_is_got_over(path, caplog):
    fill(path, range(8))
    with opened(path) as store:
        with path.open("r+b") as file:  # all pages but the first
            file.seek(4096)
            file.write(bytes(path.stat().st_size - 4096))
        found(store, range(8))
        store.put(key_of(9), features_of(9))
        assert found(store, [9]) == [9]
    assert "a new one is begun" in caplog.text


@pytest.mark.parametrize("content", [b"my diary", b"x" * 5000])
def test_a_file_of_somebody_else_is_left_alone(path, content, caplog):
    path.parent.mkdir()
    path.write_bytes(content)
    with opened(path) as store:
        store.put(key_of(1), features_of(1))
        assert found(store, [1]) == []
        assert (len(store), store.nbytes) == (0, 0)
    assert path.read_bytes() == content
    assert f"{path} is no picture cache" in caplog.text


def test_a_database_of_somebody_else_is_left_alone(path, caplog):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE diary (day TEXT)")
    before = path.read_bytes()
    with opened(path) as store:
        store.put(key_of(1), features_of(1))
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert "is no picture cache" in caplog.text


def test_a_file_of_another_format_is_replaced(path):
    fill(path, [1])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with opened(path) as store:
        store.put(key_of(2), features_of(2))
        assert found(store, [1, 2]) == [2]


@pytest.mark.parametrize("place", ["a file for a folder", "a folder for a file", "a folder that may not be written"])
def test_where_no_file_can_be_made_the_cache_does_without(tmp_path, place, caplog):
    path = tmp_path / "there" / "cache.sqlite"
    if place == "a file for a folder":
        path.parent.write_text("")
    elif place == "a folder for a file":
        path.mkdir(parents=True)
    else:
        path = Path("/proc/nowhere/cache.sqlite")
    with opened(path) as store:
        store.put(key_of(1), features_of(1))
        assert found(store, [1]) == []
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert str(path) in record.message
    assert "no picture is kept on disk" in record.message


def test_a_writer_that_holds_the_file_for_long_costs_the_features_and_is_told_once(path, caplog, monkeypatch):
    monkeypatch.setattr("reranker.blob_connection._PATIENCE_S", 0.05)
    fill(path, [1])
    with opened(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for number in (2, 3):
            store.put(key_of(number), features_of(number))
        assert found(store, [1, 2, 3]) == [1]
        other.execute("ROLLBACK")
        store.put(key_of(4), features_of(4))
        assert found(store, [4]) == [4]
    assert caplog.text.count("cannot be used at the moment") == 1


def test_after_closing_nothing_is_found_and_nothing_raised(path):
    store = FileFeatures(path, "model", ROOM)
    store.put(key_of(1), features_of(1))
    for _ in range(2):
        store.close()
        store.put(key_of(2), features_of(2))
        assert found(store, [1, 2]) == []
    with opened(path) as again:
        assert found(again, [1, 2]) == [1]
