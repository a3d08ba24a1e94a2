"""A collection's pictures go into the picture cache: all of them, once, and no more than it holds."""

from contextlib import closing

import pytest
from PIL import Image
from support.table_reranker import add_picture, add_texts, png
from support.toy_encoder import ToyEncoder
from support.toy_seer import ToySeer, key_of

from indexer.collection import Collection
from reranker.feature_cache import FeatureCache
from reranker.feature_file import FileFeatures
from reranker.feature_memory import MemoryFeatures
from search.warming import warm

MB = 10**6
PICTURE = 100 * 256 * 4


def shade(number: int) -> Image.Image:
    return Image.new("RGB", (4, 4), (number, 0, 0))


@pytest.fixture
def pictures(tmp_path):
    """Seven pictures of different colours among some texts, and one that cannot be read."""
    encoder = ToyEncoder()
    with Collection.create(tmp_path / "collections" / "pictures", encoder) as collection:
        add_texts(collection, encoder, {"a": "red", "z": "blue"})
        for number in range(7):
            add_picture(collection, encoder, f"picture-{number}", png(shade(number)))
        add_picture(collection, encoder, "torn", b"no picture")
        yield collection


@pytest.fixture
def open_cache(tmp_path):
    def open_cache(disk_bytes: int = 10 * MB, memory_bytes: int = 10 * MB) -> FeatureCache:
        cache = FeatureCache(MemoryFeatures(memory_bytes), filling=True)
        cache.keep_on_disk(FileFeatures(tmp_path / "cache.sqlite", "model", disk_bytes))
        return cache

    return open_cache


def test_every_picture_is_read_once_and_found_again(pictures, open_cache):
    with closing(open_cache()) as cache:
        seer, told = ToySeer(cache), []
        report = warm(pictures, seer, cache, told.append)
    assert sorted(seer.read) == [key_of(shade(number)) for number in range(7)]
    assert told == [2, 4, 6, 7]
    assert (report.pictures, report.read, report.known, report.room_for) == (8, 7, 0, None)
    assert report.disk_bytes > 7 * PICTURE

    with closing(open_cache()) as cache:
        seer = ToySeer(cache)
        report = warm(pictures, seer, cache)
    assert seer.read == []
    assert (report.read, report.known, report.room_for) == (0, 7, None)


def test_a_cache_without_memory_is_warmed_as_well(pictures, open_cache):
    with closing(open_cache(memory_bytes=0)) as cache:
        warm(pictures, ToySeer(cache), cache)
    with closing(open_cache(memory_bytes=0)) as cache:
        assert warm(pictures, ToySeer(cache), cache).known == 7


def test_only_what_is_new_is_read(pictures, open_cache):
    with closing(open_cache()) as cache:
        warm(pictures, ToySeer(cache), cache)
    add_picture(pictures, ToyEncoder(), "new", png(shade(99)))
    with closing(open_cache()) as cache:
        seer = ToySeer(cache)
        report = warm(pictures, seer, cache)
    assert seer.read == [key_of(shade(99))]
    assert (report.pictures, report.read, report.known) == (9, 1, 7)


def test_an_empty_collection_warms_nothing(tmp_path, open_cache):
    with Collection.create(tmp_path / "empty", ToyEncoder()) as collection, closing(open_cache()) as cache:
        report = warm(collection, ToySeer(cache), cache)
    assert (report.pictures, report.read, report.known, report.room_for) == (0, 0, 0, None)


@pytest.fixture
def many(tmp_path):
    encoder = ToyEncoder()
    with Collection.create(tmp_path / "collections" / "many", encoder) as collection:
        for number in range(60):
            add_picture(collection, encoder, f"{number:02}", png(shade(number)))
        yield collection


def test_a_cache_that_is_too_small_is_filled_and_then_left_as_it_is(many, open_cache):
    with closing(open_cache(2 * MB)) as cache:
        seer = ToySeer(cache)
        report = warm(many, seer, cache)
    assert 10 <= report.room_for <= 20
    assert len(seer.read) < 60
    assert report.disk_bytes <= 2 * MB
    with closing(open_cache(2 * MB)) as cache:
        again = ToySeer(cache)
        assert warm(many, again, cache).room_for == report.room_for
    assert len(again.read) <= 6  # not everything anew


def test_pictures_that_nobody_uses_make_room(many, pictures, open_cache):
    with closing(open_cache(2 * MB)) as cache:
        warm(many, ToySeer(cache), cache)
    with closing(open_cache(2 * MB)) as cache:
        assert warm(pictures, ToySeer(cache), cache).room_for is None
    with closing(open_cache(2 * MB)) as cache:
        assert warm(pictures, ToySeer(cache), cache).known == 7


def test_what_was_read_before_an_interruption_stays(many, open_cache):
    def interrupt(done):
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), closing(open_cache()) as cache:
        warm(many, ToySeer(cache), cache, interrupt)
    with closing(open_cache()) as cache:
        report = warm(many, ToySeer(cache), cache)
    assert report.known >= 20
    assert report.read == 60 - report.known


def test_what_the_model_raises_is_raised_and_what_was_read_stays(many, open_cache):
    class Failing(ToySeer):
        def _step(self, keys):
            step = super()._step(keys)

            def fail():
                if len(self.read) >= 10:
                    raise MemoryError("too little")
                return step()

            return fail

    with pytest.raises(MemoryError), closing(open_cache()) as cache:
        warm(many, Failing(cache), cache)
    with closing(open_cache()) as cache:
        assert warm(many, ToySeer(cache), cache).known == 10
