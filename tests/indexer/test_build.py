import threading
import time

import pytest
from support.toy_encoder import ToyEncoder
from support.toy_source import ListSource, MixedSource, png, record

from content.errors import CollectionError, InvalidInput, ModelError
from indexer.build import build
from indexer.collection import Collection
from indexer.encoded import EncodedItem
from indexer.record import Entry, Record, Refusal


def test_a_source_is_indexed(collection, encoder):
    report = build(collection, encoder, MixedSource(100), batch_size=7)
    assert (report.indexed, report.unchanged, len(report.refused)) == (91, 0, 9)
    assert len(collection) == 91
    ranking = collection.nearest("text", encoder.encode_texts(["thing 44 is blue"]), 1)[0]
    assert ranking[0][0] == "item-00044"
    assert collection.get(["item-00044"])[0].metadata == {"number": 44}
    assert report.seconds > 0


def test_a_second_run_encodes_nothing(collection, encoder):
    build(collection, encoder, MixedSource(100), batch_size=7)
    again = ToyEncoder()
    report = build(collection, again, MixedSource(100), batch_size=7)
    assert (report.indexed, report.unchanged, len(report.refused)) == (0, 91, 9)
    assert again.texts_encoded == again.images_encoded == 0


def test_unchanged_pictures_are_not_even_decoded(collection, encoder):
    garbage = Record("a", None, b"no picture any more", b"1" * 32)
    good = Record("a", None, png((255, 0, 0)), b"1" * 32)
    build(collection, encoder, ListSource([good]))
    assert build(collection, encoder, ListSource([garbage])).unchanged == 1


def test_only_what_is_new_or_changed_is_encoded(collection, encoder):
    build(collection, encoder, ListSource([record("a", "red"), record("b", "blue"), record("c", "green")]))
    again = ToyEncoder()
    changed = [record("a", "red"), record("b", "mug"), record("c", "green", price=3), record("d", "new")]
    report = build(collection, again, ListSource(changed))
    assert (report.indexed, report.unchanged) == (3, 1)
    assert again.texts_encoded == 3
    assert [item.text for item in collection.get(["a", "b", "c", "d"])] == ["red", "mug", "green", "new"]
    assert collection.get(["c"])[0].metadata == {"price": 3}


def test_items_that_the_source_lacks_stay(collection, encoder):
    build(collection, encoder, ListSource([record("a", "red")]))
    build(collection, encoder, ListSource([record("b", "blue")]))
    assert collection.ids(5) == ["a", "b"]


def test_every_bad_entry_is_refused_with_origin_and_reason(collection, encoder):
    def torn():
        raise OSError(5, "Input/output error")

    things = [
        InvalidInput("no good"),
        record("good", "red"),
        PermissionError(13, "Permission denied"),
        Refusal("link", "a link that leads in a circle"),
        record("bad picture", image=b"%PDF-1.4"),
        record("empty", "  "),
        record("x" * 600, "red"),
        Record("page", None, torn, b"2" * 32),
    ]
    report = build(collection, encoder, ListSource(things))
    reasons = {refusal.origin: refusal.reason for refusal in report.refused}
    assert reasons["row 0"] == "no good"
    assert reasons["row 2"] == "Permission denied"
    assert reasons["link"] == "a link that leads in a circle"
    assert "picture" in reasons["row 4"]
    assert "neither" in reasons["row 5"]
    assert "512" in reasons["row 6"]
    assert reasons["row 7"] == "Input/output error"
    assert (report.indexed, len(reasons)) == (1, 7)
    assert collection.ids(5) == ["good"]


def test_of_two_entries_with_one_id_the_first_is_kept(collection, encoder):
    source = ListSource([record("a", "red"), record("b", "blue"), record("a", "green")])
    for indexed, unchanged in ((2, 0), (0, 2)):
        report = build(collection, encoder, source)
        assert (report.indexed, report.unchanged) == (indexed, unchanged)
        assert [refusal.origin for refusal in report.refused] == ["row 2"]
        assert collection.get(["a"])[0].text == "red"


def test_an_empty_source_is_fine(collection, encoder):
    report = build(collection, encoder, ListSource([]))
    assert (report.indexed, report.unchanged, report.refused) == (0, 0, ())


@pytest.mark.parametrize("workers", [1, 4])
def test_reading_never_runs_far_ahead_of_encoding(collection, workers):
    source = ListSource([record(f"{n:03}", f"word {n}") for n in range(300)])
    ahead = []

    class Slow(ToyEncoder):
        def encode_texts(self, texts):
            time.sleep(0.02)  # reading has all the time to run away
            ahead.append(source.begun - self.texts_encoded)
            return super().encode_texts(texts)

    build(collection, Slow(), source, batch_size=10, workers=workers)
    assert len(collection) == 300
    assert max(ahead) <= 10 + 10  # the batch in the encoder, and one read ahead
    assert max(ahead) > 10  # and it does read ahead


def test_large_pictures_close_a_batch_early(collection, monkeypatch):
    sizes = []

    class Watched(ToyEncoder):
        def encode_images(self, images):
            sizes.append(len(images))
            return super().encode_images(images)

    monkeypatch.setattr("indexer.build._MOST_PIXELS", 1000)
    large = [record(f"{n}", image=png((n, 0, 0), (30, 20))) for n in range(5)]
    build(collection, Watched(), ListSource([*large, record("text", "red")]), batch_size=64)
    assert sizes == [2, 2, 1]


def test_reading_encoding_and_writing_overlap(collection, encoder, monkeypatch):
    """A batch is being written while the next is in the encoder: each waits for the other to have begun."""
    encoding, writing = threading.Semaphore(0), threading.Semaphore(0)
    upsert, met = collection.upsert, []

    def slow_upsert(items):
        if len(collection) == 0:
            writing.release()
            met.append(encoding.acquire(timeout=5))
        upsert(items)

    class Meets(ToyEncoder):
        def encode_texts(self, texts):
            if self.texts_encoded:
                encoding.release()
                met.append(writing.acquire(timeout=5))
            return super().encode_texts(texts)

    monkeypatch.setattr(collection, "upsert", slow_upsert)
    build(collection, Meets(), ListSource([record(f"{n}", "x") for n in range(20)]), batch_size=10)
    assert met == [True, True]


def test_progress_is_reported_to_the_end(collection):
    class Slow(ToyEncoder):
        def encode_texts(self, texts):
            time.sleep(0.03)
            return super().encode_texts(texts)

    seen = []
    build(collection, Slow(), MixedSource(200), batch_size=10, on_progress=seen.append)
    assert len(seen) > 2
    assert [one.done for one in seen] == sorted(one.done for one in seen)
    last = seen[-1]
    assert (last.done, last.total, last.indexed, last.refused) == (200, 200, 182, 18)
    assert last.rate == pytest.approx(200 / last.seconds)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ModelError("out of memory")], ids=["Ctrl-C", "encoder"])
def test_an_interrupted_build_keeps_what_was_written_and_goes_on(collection, encoder, error):
    class Interrupted(ToyEncoder):
        def encode_texts(self, texts):
            if self.texts_encoded >= 40:
                raise error
            return super().encode_texts(texts)

    source = ListSource([record(f"{n:03}", f"word {n}") for n in range(100)])
    before = threading.active_count()
    with pytest.raises(type(error)):
        build(collection, Interrupted(), source, batch_size=10)
    assert threading.active_count() == before
    assert collection.ids(1000) == [f"{n:03}" for n in range(40)]
    report = build(collection, encoder, source, batch_size=10)
    assert (report.unchanged, report.indexed) == (40, 60)
    assert encoder.texts_encoded == 60


def test_a_disk_that_fails_stops_the_build(collection, encoder, monkeypatch):
    def full(items):
        raise CollectionError("the disk is full")

    monkeypatch.setattr(collection, "upsert", full)
    source = ListSource([record(f"{n}", "x") for n in range(100)])
    with pytest.raises(CollectionError, match="the disk is full"):
        build(collection, encoder, source, batch_size=10)
    assert source.begun < 100


def test_other_processes_may_write_while_a_build_reads(collection, encoder):
    other = Collection.open(collection.folder, encoder)

    class Slow:
        def count(self):
            return None

        def entries(self):
            yield Entry("row 1", lambda: record("a", "red"))
            other.upsert([EncodedItem("theirs", "blue", None, b"", {"text": encoder.encode_texts(["blue"])})])
            yield Entry("row 2", lambda: record("b", "green"))

    build(collection, encoder, Slow(), batch_size=1)
    other.close()
    assert collection.ids(10) == ["a", "b", "theirs"]
    assert {hit.id for hit in collection.nearest("text", encoder.encode_texts(["red"]), 10)[0]} == {"a", "b", "theirs"}


def test_called_off_it_writes_what_it_has_taken_in(collection, encoder):
    taken = []

    def halt():
        taken.append(None)
        return len(taken) > 40

    report = build(collection, encoder, MixedSource(100), batch_size=7, halt=halt)

    assert report.indexed + len(report.refused) == 40
    assert len(collection) == report.indexed == build(collection, encoder, MixedSource(100)).unchanged
