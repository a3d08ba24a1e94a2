import numpy as np
import pytest
from support.toy_encoder import ToyEncoder
from support.toy_source import png, record
from support.toy_text_reader import ToyTextReader

from content.errors import InvalidInput, NotAnImage
from indexer import passages
from indexer.ingest import Ingest
from indexer.item import Passage
from indexer.record import Record


@pytest.fixture
def ingest(collection, encoder):
    return Ingest(collection, encoder)


def test_pictures_and_texts_get_their_vectors(collection, encoder, ingest):
    ingest.upsert(
        [
            record("text", "green bag"),
            record("picture", image=png((255, 0, 0))),
            record("both", "red", png((0, 0, 255)), n=1),
        ]
    )
    images, texts = (
        {hit.id: hit.score for hit in collection.nearest(channel, encoder.encode_texts(["red"]), 5)[0]}
        for channel in ("image", "text")
    )
    assert images == pytest.approx({"picture": 1.0, "both": 0.0})
    assert texts == pytest.approx({"text": 0.0, "both": 1.0})
    items = {item.id: item for item in collection.get(["text", "picture", "both"])}
    assert [items[name].has_image for name in ("text", "picture", "both")] == [False, True, True]
    assert items["both"].metadata == {"n": 1}
    assert items["picture"].text is None
    assert collection.documents(["both"])[0].image.getpixel((0, 0)) == (0, 0, 255)


def test_text_of_white_space_is_no_text(collection, ingest):
    ingest.upsert([record("picture", " \n", png((255, 0, 0)))])
    assert collection.get(["picture"])[0].text is None
    assert collection.count("text") == 0


@pytest.mark.parametrize(
    ("bad", "kind", "param"),
    [
        (record("bad", image=b"no picture"), NotAnImage, "items[2].image"),
        (record("bad", " "), InvalidInput, "items[2]"),
        (record("", "text"), InvalidInput, "items[2].id"),
        (Record("bad", "a \udc80", None, b"0" * 32), InvalidInput, "items[2].text"),
        (Record("bad", "a", None, b"0" * 32, {"x": float("inf")}), InvalidInput, "items[2].metadata"),
    ],
    ids=["picture", "nothing", "id", "text", "metadata"],
)
def test_one_bad_record_stops_the_batch_and_is_named(collection, ingest, bad, kind, param):
    with pytest.raises(kind) as caught:
        ingest.upsert([record("a", "x"), record("b", "y"), bad, record("c", "z")])
    assert caught.value.param == param
    assert len(collection) == 0


def test_a_large_batch_is_encoded_in_parts_and_written_as_one(collection, encoder):
    class FailsLate(ToyEncoder):
        def encode_texts(self, texts):
            if self.texts_encoded >= 128:
                raise RuntimeError("out of memory")
            return super().encode_texts(texts)

    records = [record(f"{n}", f"word {n}") for n in range(300)]
    with pytest.raises(RuntimeError):
        Ingest(collection, FailsLate()).upsert(records)
    assert len(collection) == 0
    Ingest(collection, encoder).upsert(records)
    assert len(collection) == 300


def test_no_records_are_fine(collection, ingest):
    ingest.upsert([])
    assert len(collection) == 0


def test_a_long_text_gets_a_vector_for_each_passage_and_is_found_by_the_best(collection, encoder, ingest):
    filler = "Nothing is told here at all. "
    ingest.upsert(
        [record("long", filler * 20 + "A green bag stands there. " + filler * 20), record("short", "red mug")]
    )
    (hit,) = collection.nearest("text", encoder.encode_texts(["green bag"]), 1)[0]
    found = collection.passages([hit.key])[hit.key]
    assert (hit.id, found.source) == ("long", "text")
    assert "A green bag stands there." in collection.get(["long"])[0].passage(found)
    assert collection.count("text") > 20


def test_a_text_of_too_many_passages_is_refused_by_name(collection, ingest, monkeypatch):
    monkeypatch.setattr(passages, "MAX_PASSAGES", 3)
    with pytest.raises(InvalidInput, match="store it as several items") as caught:
        ingest.upsert([record("a", "x"), record("long", "Nothing is told here at all. " * 20)])
    assert caught.value.param == "items[1].text"
    assert len(collection) == 0


def test_what_is_read_off_a_picture_is_split_apart_from_the_text(collection, encoder):
    reader = ToyTextReader({(255, 0, 0): "Revenue grew in each of the years. " * 4})
    ingest = Ingest(collection, encoder, reader=reader)
    (item,) = ingest.encode([ingest.prepare(record("slide", "red mug", png((255, 0, 0))))])
    assert item.passages[0] == Passage("text", 0, 7)
    assert len(item.passages) == len(item.vectors["text"]) == 4
    told = [item.ocr[each.start : each.stop] for each in item.passages[1:]]
    assert {each.source for each in item.passages[1:]} == {"ocr"}
    np.testing.assert_array_equal(item.vectors["text"], encoder.encode_texts(["red mug", *told]))
    collection.upsert([item])
    (hit,) = collection.nearest("text", encoder.encode_texts(["revenue grew"]), 1)[0]
    assert collection.passages([hit.key])[hit.key] in item.passages[1:]
