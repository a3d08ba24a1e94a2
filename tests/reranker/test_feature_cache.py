"""Memory in front of a file: what is found where, what is counted, and that nobody waits for the disk."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import torch
from support.numbered_features import features_of, key_of

import reranker.feature_cache
from reranker.feature_cache import FeatureCache
from reranker.feature_file import FileFeatures
from reranker.feature_memory import MemoryFeatures

PICTURE = features_of(0).nbytes
ROOM = 64 * 2**20


@pytest.fixture
def open_cache(tmp_path):
    def open_cache(memory_bytes: int = ROOM) -> FeatureCache:
        cache = FeatureCache(MemoryFeatures(memory_bytes))
        cache.keep_on_disk(FileFeatures(tmp_path / "cache.sqlite", "model", ROOM))
        return cache

    return open_cache


def put(cache, *numbers):
    for number in numbers:
        cache.put(key_of(number), features_of(number))


def hits(cache) -> tuple[int, int, int]:
    counts = cache.counts
    return counts.memory_hits, counts.disk_hits, counts.misses


def test_what_one_cache_saw_the_next_one_finds_on_disk_and_then_in_memory(open_cache):
    with closing(open_cache()) as cache:
        put(cache, 1, 2)
    with closing(open_cache()) as cache:
        assert hits(cache) == (0, 0, 0)
        assert torch.equal(cache.get(key_of(1)), features_of(1))
        assert hits(cache) == (0, 1, 0)
        assert torch.equal(cache.get(key_of(1)), features_of(1))
        assert cache.get(key_of(3)) is None
        assert hits(cache) == (1, 1, 1)
        assert (cache.counts.memory_pictures, cache.counts.memory_bytes) == (1, PICTURE)
        assert cache.counts.disk_pictures == 2
        assert cache.counts.disk_bytes > 2 * PICTURE


def test_without_a_file_the_memory_counts_alone():
    cache = FeatureCache(MemoryFeatures(2 * PICTURE))
    put(cache, 1, 2, 3)
    assert [cache.get(key_of(number)) is not None for number in (1, 2, 3)] == [False, True, True]
    assert hits(cache) == (2, 0, 1)
    assert (cache.counts.memory_pictures, cache.counts.memory_bytes) == (2, 2 * PICTURE)
    assert (cache.counts.disk_pictures, cache.counts.disk_bytes) == (0, 0)


def test_what_memory_forgot_is_found_on_disk(open_cache):
    with closing(open_cache(PICTURE)) as cache:
        put(cache, 1, 2, 3)
        cache.flush()
        for number in (1, 2, 3):
            assert torch.equal(cache.get(key_of(number)), features_of(number))
        assert hits(cache) == (0, 3, 0) or hits(cache) == (1, 2, 0)


def test_use_in_memory_keeps_a_picture_on_disk(tmp_path):
    with closing(FeatureCache(MemoryFeatures(ROOM))) as cache:
        file = FileFeatures(tmp_path / "cache.sqlite", "model", 2 * 2**20)  # some 50 of them
        cache.keep_on_disk(file)
        for number in range(100):
            put(cache, number)
            cache.flush()
            cache.get(key_of(7))
        assert file.get(key_of(6)) is None
        assert file.get(key_of(7)) is not None


class SlowFile(FileFeatures):
    """Writes when it is told to."""

    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        self.gate = threading.Event()

    def keep(self, key, features, spare_since) -> bool:
        assert self.gate.wait(30)
        return super().keep(key, features, spare_since)


@pytest.fixture
def slow(tmp_path):
    file = SlowFile(tmp_path / "cache.sqlite", "model", ROOM)
    yield file
    file.gate.set()


def test_nobody_waits_for_a_slow_disk_and_what_it_cannot_take_is_dropped(slow, tmp_path, monkeypatch):
    monkeypatch.setattr(reranker.feature_cache, "_WAITING_BYTES", 3 * PICTURE)
    cache = FeatureCache(MemoryFeatures(ROOM))
    cache.keep_on_disk(slow)
    put(cache, 1, 2, 3, 4, 5)
    assert cache.counts.not_written == 2
    assert all(cache.get(key_of(number)) is not None for number in (1, 2, 3, 4, 5))
    slow.gate.set()
    cache.close()
    with closing(FileFeatures(tmp_path / "cache.sqlite", "model", ROOM)) as file:
        assert [number for number in range(6) if file.get(key_of(number)) is not None] == [1, 2, 3]


def test_a_cache_that_is_filled_waits_for_a_slow_disk_and_drops_nothing(slow, tmp_path, monkeypatch):
    monkeypatch.setattr(reranker.feature_cache, "_WAITING_BYTES", 3 * PICTURE)
    cache = FeatureCache(MemoryFeatures(0), filling=True)
    cache.keep_on_disk(slow)
    with ThreadPoolExecutor(1) as pool:
        putting = pool.submit(put, cache, 1, 2, 3, 4, 5)
        with pytest.raises(TimeoutError):
            putting.result(0.1)
        slow.gate.set()
        putting.result(30)
    cache.close()
    assert cache.counts.not_written == 0
    with closing(FileFeatures(tmp_path / "cache.sqlite", "model", ROOM)) as file:
        assert len(file) == 5


def test_a_cache_that_is_filled_gives_up_old_pictures_but_none_of_its_own(tmp_path):
    def open_file():
        return FileFeatures(tmp_path / "cache.sqlite", "model", 2 * 2**20)  # some 50 of them

    with closing(open_file()) as file:
        for number in range(40):
            file.put(key_of(number), features_of(number))
    with closing(FeatureCache(MemoryFeatures(0), filling=True)) as cache:
        cache.keep_on_disk(open_file())
        assert cache.get(key_of(0)) is not None
        for number in range(100, 120):
            put(cache, number)
        cache.flush()
        assert not cache.is_full
        for number in range(200, 300):
            put(cache, number)
        cache.flush()
        assert cache.is_full
    with closing(open_file()) as file:
        kept = [number for number in range(300) if file.get(key_of(number)) is not None]
        assert kept[:21] == [0, *range(100, 120)]
        assert kept[21:] == list(range(200, 200 + len(kept) - 21))


def test_closing_writes_what_waits(slow, tmp_path):
    cache = FeatureCache(MemoryFeatures(ROOM))
    cache.keep_on_disk(slow)
    put(cache, 1, 2, 3)
    threading.Timer(0.1, slow.gate.set).start()
    cache.close()
    with closing(FileFeatures(tmp_path / "cache.sqlite", "model", ROOM)) as file:
        assert len(file) == 3


def test_a_closed_cache_goes_on_in_memory(open_cache):
    cache = open_cache()
    put(cache, 1)
    for _ in range(2):
        cache.close()
        put(cache, 2)
        assert cache.get(key_of(1)) is not None
        assert cache.get(key_of(2)) is not None
        assert cache.get(key_of(3)) is None
        assert cache.counts.disk_pictures == 0
    with closing(open_cache()) as cache:
        assert cache.counts.disk_pictures == 1


def test_a_cache_may_be_closed_while_others_use_it(open_cache):
    cache, begun = open_cache(), threading.Event()

    def use(thread):
        for number in range(thread, 400, 4):
            put(cache, number)
            assert cache.get(key_of(number)) is not None
            begun.set()

    with ThreadPoolExecutor(4) as pool:
        uses = [pool.submit(use, thread) for thread in range(4)]
        begun.wait(30)
        cache.close()
    assert [each.result() for each in uses] == [None] * 4
