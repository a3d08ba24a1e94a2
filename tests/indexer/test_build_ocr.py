import pytest
from support.toy_encoder import ToyEncoder
from support.toy_source import ListSource, png, record
from support.toy_text_reader import ToyTextReader

from content.errors import ModelError
from indexer.build import build

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
TEXTS = {RED: "2024年营收", BLUE: None}


def things() -> ListSource:
    return ListSource([
        record("slide", "a red slide", png(RED)),
        record("meadow", None, png(GREEN)),
        record("note", "no picture"),
    ])  # fmt: skip


def ocr(collection, *ids: str) -> list[str | None]:
    return [item.ocr for item in collection.get(ids)]


def test_what_stands_in_pictures_is_stored_apart_from_the_text(collection, encoder):
    report = build(collection, encoder, things(), reader=ToyTextReader(TEXTS))
    assert (report.indexed, report.texts_found, report.unread) == (3, 1, 0)
    assert ocr(collection, "slide", "meadow", "note") == ["2024年营收", "", None]
    assert collection.get(["slide"])[0].text == "a red slide"


def test_it_is_found_by_its_words_and_shown_to_stage_2_first(collection, encoder):
    build(collection, encoder, things(), reader=ToyTextReader(TEXTS))
    assert [placed[0] for placed in collection.by_words("2024年营收", 5)] == ["slide"]
    (document,) = collection.documents(["slide"])
    assert document.text.startswith("2024年营收")
    assert document.text.endswith("a red slide")


def test_nobody_looks_where_nobody_was_asked_to(collection, encoder):
    report = build(collection, encoder, things())
    assert (report.texts_found, report.unread) == (None, 0)
    assert ocr(collection, "slide", "meadow", "note") == [None, None, None]


def test_pictures_indexed_before_are_read_once(collection, encoder):
    build(collection, encoder, things())
    reader = ToyTextReader(TEXTS)
    report = build(collection, encoder, things(), reader=reader)
    assert (report.indexed, report.unchanged, report.texts_found, reader.reads) == (2, 1, 1, 2)
    assert ocr(collection, "slide", "meadow", "note") == ["2024年营收", "", None]
    report = build(collection, encoder, things(), reader=reader)
    assert (report.indexed, report.unchanged, report.texts_found, reader.reads) == (0, 3, 0, 2)


def test_a_run_without_a_reader_leaves_what_was_read(collection, encoder):
    build(collection, encoder, things(), reader=ToyTextReader(TEXTS))
    assert build(collection, encoder, things()).unchanged == 3
    assert ocr(collection, "slide") == ["2024年营收"]


def test_a_picture_that_cannot_be_read_is_indexed_and_tried_again(collection, encoder, caplog):
    source = ListSource([record("torn", None, png(BLUE)), record("slide", None, png(RED))])
    report = build(collection, encoder, source, reader=ToyTextReader(TEXTS))
    assert (report.indexed, report.texts_found, report.unread, report.refused) == (2, 1, 1, ())
    assert "'torn' was not read: the toy fails" in caplog.text
    assert ocr(collection, "torn", "slide") == [None, "2024年营收"]
    better = ToyTextReader({BLUE: "now it goes"})
    assert build(collection, encoder, source, reader=better).texts_found == 1
    assert ocr(collection, "torn", "slide") == ["now it goes", "2024年营收"]
    assert better.reads == 1


def test_an_interrupted_run_goes_on_where_it_was(collection):
    class Failing(ToyEncoder):
        def encode_images(self, images):
            if self.images_encoded >= 32:
                raise ModelError("out of memory")
            return super().encode_images(images)

    source = ListSource([record(f"{number:03}", None, png(RED)) for number in range(100)])
    with pytest.raises(ModelError):
        build(collection, Failing(), source, reader=ToyTextReader(TEXTS))
    done, reader = len(collection), ToyTextReader(TEXTS)
    assert done >= 16
    build(collection, ToyEncoder(), source, reader=reader)
    assert reader.reads == 100 - done
    assert set(ocr(collection, *collection.ids(100))) == {"2024年营收"}


def test_the_pictures_with_text_are_counted_on_the_way(collection, encoder):
    seen = []
    build(collection, encoder, things(), reader=ToyTextReader(TEXTS), on_progress=seen.append)
    assert seen[-1].texts_found == 1
    build(collection, encoder, things(), on_progress=seen.append)
    assert seen[-1].texts_found is None
