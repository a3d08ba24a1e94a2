"""Indexing in a running service: what is stored, who waits for whom, and how it ends."""

import threading
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
from support.table_reranker import TableReranker
from support.toy_encoder import ToyEncoder
from support.toy_source import ListSource, MixedSource, png, record
from support.toy_text_reader import ToyTextReader
from support.zips import write_zip

from content.errors import CollectionError, EncoderMismatch, InvalidInput, NotFound, NotReady
from content.stored import MAX_PIXELS
from indexer.collection import Collection
from indexer.record import Refusal
from indexer.sources import open_source
from search.library import Library
from search.patience import Patience
from search.picture_room import PIXELS
from search.service import Service
from search.settings import Settings
from search.worker import DeviceWorker


@pytest.fixture
def service(tmp_path):
    settings = Settings(collections=tmp_path / "collections", collection="toys")
    encoder = ToyEncoder()
    service = Service(
        settings, encoder, TableReranker({"red mug": 0.9}), Library(settings.collections, encoder), DeviceWorker()
    )
    yield service
    service.close()


def names(service):
    return [listed.name for listed in service.library.list()]


def test_a_collection_is_made_and_filled(service):
    told = []
    indexed = service.index("toys", MixedSource(100), told.append)

    assert (indexed.report.indexed, len(indexed.report.refused)) == (91, 9)
    assert (indexed.items, indexed.created, indexed.stopped) == (91, True, False)
    assert (told[-1].done, told[-1].total) == (100, 100)
    assert len(service.library.open("toys")) == 91
    assert service.worker.open_lanes == 0

    again = service.index("toys", MixedSource(100))
    assert (again.report.indexed, again.report.unchanged, again.created) == (0, 91, False)


def test_an_archive_with_two_bad_files(service, tmp_path):
    path = write_zip(
        tmp_path / "a.zip",
        {"red.png": png((255, 0, 0)), "torn.jpg": b"\xff\xd8\xff", "setup.exe": b"MZ", "a.txt": b"a"},
    )
    indexed = service.index("toys", open_source(path))

    assert sorted(refusal.origin for refusal in indexed.report.refused) == ["setup.exe", "torn.jpg"]
    assert service.library.open("toys").ids(9) == ["a.txt", "red.png"]


def test_a_collection_that_was_made_for_nothing_is_dropped_again(service):
    indexed = service.index("toys", ListSource([Refusal("a", "bad")]))
    assert (indexed.created, indexed.items) == (False, 0)
    assert names(service) == []

    service.library.create("empty")
    service.index("empty", ListSource([]))
    assert names(service) == ["empty"]


def test_a_source_that_fails_leaves_no_empty_collection(service):
    class Failing(ListSource):
        def count(self):
            raise InvalidInput("no table")

    with pytest.raises(InvalidInput):
        service.index("toys", Failing([]))
    assert names(service) == []
    assert service.worker.open_lanes == 0


def test_what_was_stored_before_a_failure_stays(service):
    class Torn(MixedSource):
        def entries(self):
            for number, entry in enumerate(super().entries()):
                if number == 90:
                    raise CollectionError("the disk is gone")
                yield entry

    with pytest.raises(CollectionError, match="disk"):
        service.index("toys", Torn(100))
    assert 0 < len(service.library.open("toys")) < 91


def test_called_off_it_ends_soon_and_keeps_what_is_stored(service):
    patience = Patience()

    def tell(progress):
        if progress.indexed >= 32:
            patience.cancel()

    class Slow(MixedSource):
        """Slow enough that progress is told between batches."""

        def entries(self):
            for entry in super().entries():
                threading.Event().wait(0.003)
                yield entry

    indexed = service.index("toys", Slow(100_000), tell, patience=patience)

    assert indexed.stopped
    assert 32 <= indexed.report.indexed < 1000
    assert indexed.items == indexed.report.indexed == len(service.library.open("toys"))


def test_called_off_before_it_began_it_stores_nothing(service):
    patience = Patience()
    patience.cancel()
    indexed = service.index("toys", MixedSource(100), patience=patience)
    assert (indexed.items, indexed.stopped, names(service)) == (0, True, [])


def test_searches_are_answered_meanwhile(service):
    service.index("toys", ListSource([record("text", "red mug")]))
    found = []

    def search(progress):
        if not found:
            found.append(service.engine("toys").search("red mug").hits[0].id)

    service.index("more", MixedSource(200), search)
    assert found == ["text"]


def test_whoever_needs_all_the_room_for_pictures_gets_it_meanwhile(service):
    """The build is the first guest in the room; it must not keep the place for hours."""
    begun, sat, in_time = threading.Event(), threading.Event(), []

    def sit():
        begun.wait(10)
        with service.worker.pictures.guest(Patience(10)) as guest:
            guest.take(0, PIXELS)
            sat.set()

    class Long(MixedSource):
        def entries(self):
            yield from super().entries()
            begun.set()
            end = monotonic() + 5
            while not sat.wait(0.05) and monotonic() < end:
                yield Refusal("a", "bad")
            in_time.append(sat.is_set())

    with ThreadPoolExecutor(1) as pool:
        seated = pool.submit(sit)
        service.index("toys", Long(200))
        seated.result(10)
    assert in_time == [True]


def test_its_pictures_are_counted_with_those_of_others(service):
    seen = []
    service.index(
        "toys", ListSource([record("a", image=png((255, 0, 0)))]), lambda progress: seen.append(held(service))
    )
    assert min(seen) >= 16 * MAX_PIXELS
    assert held(service) == 0


def held(service):
    return service.worker.pictures._held


def test_text_in_pictures_is_read_where_somebody_reads(service):
    red = ListSource([record("a", image=png((255, 0, 0)))])
    assert service.index("toys", red).report.texts_found is None
    reader = ToyTextReader({(255, 0, 0): "EXIT 7"})
    assert service.index("toys", red, reader=reader).report.texts_found == 1
    assert service.library.open("toys").get(["a"])[0].ocr == "EXIT 7"


def test_bad_names_and_foreign_collections(service, tmp_path):
    with pytest.raises(InvalidInput):
        service.index("../up", MixedSource(3))
    Collection.create(tmp_path / "collections" / "foreign", ToyEncoder(8)).close()
    with pytest.raises(EncoderMismatch):
        service.index("foreign", MixedSource(3))
    assert names(service) == ["foreign"]


def test_a_closed_service_takes_nothing_more(service):
    service.close()
    with pytest.raises((NotReady, NotFound)):
        service.index("toys", MixedSource(3))
