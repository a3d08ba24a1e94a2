import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.toy_encoder import ToyEncoder
from support.toy_source import png

from content import Content, Unreadable
from content.errors import CollectionError, EncoderMismatch, InvalidInput, NotFound
from indexer.collection import Collection
from indexer.encoded import EncodedItem
from indexer.item import Item, Picture

RED = Picture(png((255, 0, 0)), "image/png")


def found(collection, encoder, text, k=10, channel="text"):
    return [item_id for item_id, _ in collection.nearest(channel, encoder.encode_texts([text]), k)[0]]


def test_a_new_collection_is_empty_and_says_what_it_is(collection, encoder, tmp_path):
    assert len(collection) == 0
    assert collection.name == "things"
    assert collection.folder == tmp_path / "things"
    assert collection.encoder_name == "toy-16"
    assert collection.dimension == 16
    assert collection.count("text") == collection.count("image") == 0
    assert collection.nearest("text", encoder.encode_texts(["red"]), 3) == [[]]


def test_what_was_stored_comes_back(collection, encoded):
    collection.upsert(
        [
            encoded("a/ü 1.png", "red mug", picture=RED, colour="red", price=4.5, tags=["x", None]),
            encoded("b", "blue bag"),
        ]
    )
    assert collection.get(["b", "nobody", "a/ü 1.png"]) == [
        Item("b", "blue bag", False, {}),
        None,
        Item("a/ü 1.png", "red mug", True, {"price": 4.5, "tags": ["x", None]}),
    ]
    assert collection.picture("a/ü 1.png") == RED
    assert len(collection) == 2
    assert "b" in collection
    assert "nobody" not in collection


def test_the_nearest_items_come_best_first_with_their_cosines(collection, encoder, encoded):
    collection.upsert([encoded("red", "red"), encoded("mug", "red mug"), encoded("bag", "blue bag")])
    rankings = collection.nearest("text", encoder.encode_texts(["red", "bag"]), 2)
    assert [item_id for item_id, _ in rankings[0]] == ["red", "mug"]
    assert [score for _, score in rankings[0]] == pytest.approx([1.0, 2**-0.5])
    assert rankings[1][0][0] == "bag"
    assert rankings[1][0][1] == pytest.approx(2**-0.5)


def test_channels_are_apart(collection, encoder, encoded):
    collection.upsert([encoded("both", "mug", picture=RED, colour="red"), encoded("text", "red")])
    assert found(collection, encoder, "red", channel="image") == ["both"]
    assert found(collection, encoder, "red", k=1) == ["text"]
    assert (collection.count("image"), collection.count("text")) == (1, 2)


def test_a_replaced_item_is_wholly_replaced(collection, encoder, encoded):
    collection.upsert([encoded("a", "red", picture=RED, colour="red", old=1), encoded("b", "blue")])
    collection.upsert([encoded("a", "green", new=2)])
    assert collection.get(["a"]) == [Item("a", "green", False, {"new": 2})]
    assert found(collection, encoder, "green", k=1) == ["a"]
    assert found(collection, encoder, "red", channel="image") == []
    assert (len(collection), collection.count("text"), collection.count("image")) == (2, 2, 0)
    with pytest.raises(NotFound):
        collection.picture("a")


def test_of_two_items_with_one_id_the_last_counts(collection, encoder, encoded):
    collection.upsert([encoded("a", "red"), encoded("b", "blue"), encoded("a", "green")])
    assert collection.get(["a"])[0].text == "green"
    assert collection.count("text") == 2
    assert found(collection, encoder, "green", k=1) == ["a"]


def test_deleted_items_are_gone_at_once_and_after_reopening(collection, encoder, encoded):
    collection.upsert([encoded(name, name, picture=RED, colour=name) for name in ("red", "green", "blue")])
    assert collection.delete(["red", "nobody", "red"]) == 1
    for opened in (collection, Collection.open(collection.folder, encoder)):
        assert "red" not in found(opened, encoder, "red")
        assert "red" not in found(opened, encoder, "red", channel="image")
        assert opened.get(["red"]) == [None]
        assert len(opened) == 2
    opened.close()


def test_an_item_counts_once_by_its_best_vector(collection, encoder, encoded):
    many = encoded("long", *["red"] * 30, "red red mug", "blue")
    collection.upsert([many, encoded("one", "red mug"), encoded("two", "blue red bag"), encoded("three", "bag")])
    ranking = collection.nearest("text", encoder.encode_texts(["red"]), 3)[0]
    assert [item_id for item_id, _ in ranking] == ["long", "one", "two"]
    assert [score for _, score in ranking] == pytest.approx([1.0, 2**-0.5, 3**-0.5])
    assert found(collection, encoder, "blue", k=1) == ["long"]
    assert len(found(collection, encoder, "red", k=100)) == 4


def test_documents_are_contents_or_say_why_not(collection, encoded):
    torn = Picture(RED.data[:40], "image/png")
    collection.upsert([encoded("red", "mug", picture=RED), encoded("text", "only"), encoded("torn", picture=torn)])
    documents = collection.documents(["torn", "red", "gone", "text"])
    assert isinstance(documents[0], Unreadable)
    assert documents[1].text == "mug"
    assert documents[1].image.getpixel((0, 0)) == (255, 0, 0)
    assert isinstance(documents[2], Unreadable)
    assert documents[3] == Content(text="only")


def test_pictures_that_are_not_there_are_not_found(collection, encoded):
    collection.upsert([encoded("text", "only")])
    with pytest.raises(NotFound, match="has no picture"):
        collection.picture("text")
    with pytest.raises(NotFound, match="is not there"):
        collection.picture("nobody")


def test_ids_come_in_pages_in_order(collection, encoded):
    names = ["b", "ä", "a", "中文", "B", "a/2", "🙂"]
    collection.upsert([encoded(name, "x") for name in names])
    pages, after = [], None
    while page := collection.ids(3, after):
        pages += page
        after = page[-1]
    assert pages == sorted(names)


def test_digests_are_given_for_what_is_there(collection, encoded):
    item = encoded("a", "x")
    collection.upsert([item])
    assert collection.digests(["a", "b"]) == {"a": item.digest}


def test_calls_with_nothing_do_nothing(collection, encoder):
    collection.upsert([])
    assert collection.delete([]) == 0
    assert collection.get([]) == []
    assert collection.documents([]) == []
    assert collection.digests([]) == {}
    assert collection.nearest("text", np.empty((0, 16), np.float32), 5) == []


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"id": ""}, "id"),
        ({"id": "x" * 513}, "id"),
        ({"id": "a\nb"}, "id"),
        ({"id": "a\x00"}, "id"),
        ({"id": "a\ud800"}, "id"),
        ({"text": "lone \ud800 surrogate"}, "text"),
        ({"metadata": {"price": float("nan")}}, "metadata"),
        ({"metadata": {"when": object()}}, "metadata"),
        ({"metadata": {3: "x"}}, "metadata"),
        ({"vectors": {"text": np.zeros((1, 15), np.float32)}}, "vectors"),
        ({"vectors": {"text": np.zeros(16, np.float32)}}, "vectors"),
        ({"vectors": {"text": np.full((1, 16), np.nan, np.float32)}}, "vectors"),
    ],
    ids=str,
)
def test_a_bad_item_is_refused_and_with_it_its_whole_batch(collection, encoder, encoded, change, param):
    collection.upsert([encoded("old", "red")])
    fields = {"id": "bad", "text": "t", "picture": None, "digest": b"0" * 32, "vectors": {}, "metadata": {}} | change
    with pytest.raises(InvalidInput) as caught:
        collection.upsert([encoded("new", "red"), encoded("old", "blue"), EncodedItem(**fields)])
    assert caught.value.param == param
    assert collection.ids(10) == ["old"]
    assert found(collection, encoder, "red") == ["old"]
    assert collection.get(["old"])[0].text == "red"


def test_the_longest_id_and_odd_lookups_are_fine(collection, encoded):
    collection.upsert([encoded("x" * 512, "t"), encoded("'); DROP TABLE items; --", "t")])
    assert len(collection) == 2
    assert collection.get(["\ud800", "\x00", "", "x" * 9999]) == [None] * 4
    assert collection.delete(["\ud800", "x" * 9999]) == 0


def test_bad_searches_are_refused(collection, encoder):
    with pytest.raises(InvalidInput):
        collection.nearest("text", encoder.encode_texts(["red"]), 0)
    with pytest.raises(InvalidInput):
        collection.nearest("text", np.zeros((1, 15), np.float32), 1)


def test_everything_is_there_after_reopening(collection, encoder, encoded):
    collection.upsert([encoded("a", "red mug", "blue", picture=RED, colour="red", n=1), encoded("b", "blue bag")])
    before = [collection.nearest(channel, encoder.encode_texts(["red"]), 5) for channel in ("image", "text")]
    collection.close()
    with Collection.open(collection.folder, encoder) as again:
        assert [again.nearest(channel, encoder.encode_texts(["red"]), 5) for channel in ("image", "text")] == before
        assert again.get(["a"]) == [Item("a", "red mug blue", True, {"n": 1})]
        assert again.picture("a") == RED


def test_closing_twice_is_harmless_and_a_closed_collection_says_so(collection):
    collection.close()
    collection.close()
    with pytest.raises(CollectionError, match="closed"):
        collection.get(["a"])


def test_the_manifest_says_what_is_there(collection, encoded):
    collection.upsert([encoded("a", "red", "blue", colour="red"), encoded("b", "x")])
    collection.save()
    written = json.loads((collection.folder / "manifest.json").read_text())
    assert written == {
        "format": 1,
        "encoder": "toy-16",
        "fingerprint": "toy-16",
        "dimension": 16,
        "metric": "inner product",
        "items": 2,
        "indexes": {
            "image": {"type": "Flat", "vectors": 1, "recall": 1.0},
            "text": {"type": "Flat", "vectors": 3, "recall": 1.0},
        },
    }
    assert collection.manifest.items == 2


def test_another_encoder_is_refused_and_both_are_named(collection, encoded):
    collection.upsert([encoded("a", "red")])
    for other in (ToyEncoder(8), ToyEncoder(16, fingerprint="retrained")):
        with pytest.raises(EncoderMismatch) as caught:
            Collection.open(collection.folder, other)
        assert collection.encoder_name in caught.value.message
        assert other.name in caught.value.message
        assert caught.value.param == "encoder"


def test_without_an_encoder_items_can_be_read_and_the_encoder_is_known(collection, encoded, encoder):
    collection.upsert([encoded("a", "red")])
    collection.close()
    with Collection.open(collection.folder) as again:
        assert again.encoder_name == encoder.name
        assert again.manifest.items == 1
        assert again.get(["a"])[0].text == "red"


def test_a_folder_without_a_collection_is_not_found(tmp_path, encoder):
    with pytest.raises(NotFound):
        Collection.open(tmp_path / "nothing", encoder)
    with pytest.raises(NotFound):
        Collection.open(tmp_path, encoder)
    assert list(tmp_path.iterdir()) == []


def test_a_collection_is_not_made_over_another_or_among_other_files(collection, tmp_path, encoder):
    with pytest.raises(CollectionError, match="already"):
        Collection.create(collection.folder, encoder)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "me.jpg").write_bytes(b"x")
    with pytest.raises(CollectionError, match="other files"):
        Collection.create(tmp_path / "photos", encoder)
    (tmp_path / "file").write_text("x")
    with pytest.raises(CollectionError):
        Collection.create(tmp_path / "file", encoder)


def test_a_collection_whose_making_was_interrupted_can_be_made(tmp_path, encoder):
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "collection.sqlite").touch()
    (tmp_path / "c" / "writer.lock").touch()
    with pytest.raises(NotFound):
        Collection.open(tmp_path / "c", encoder)
    with Collection.open_or_create(tmp_path / "c", encoder) as made:
        assert len(made) == 0


def test_open_or_create_opens_what_is_there(collection, encoder, encoded):
    collection.upsert([encoded("a", "red")])
    with Collection.open_or_create(collection.folder, encoder) as again:
        assert again.ids(5) == ["a"]


def test_a_newer_format_is_refused(collection, encoder):
    collection.close()
    connection = sqlite3.connect(collection.folder / "collection.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(CollectionError, match="newer version"):
        Collection.open(collection.folder, encoder)


@pytest.mark.parametrize("damage", ["other file", "torn"])
def test_a_damaged_store_is_refused(collection, encoder, encoded, damage):
    collection.upsert([encoded(f"{n}", "red " * 500) for n in range(200)])
    collection.close()
    path = collection.folder / "collection.sqlite"
    data = path.read_bytes()
    path.write_bytes(
        b"what is this? " * 5000 if damage == "other file" else data[:16384] + b"\xff" * (len(data) - 16384)
    )
    with pytest.raises(CollectionError, match="damaged"):
        Collection.open(collection.folder, encoder)


def test_a_second_process_cannot_write_but_can_read(collection, encoder, encoded):
    collection.upsert([encoded("a", "red")])
    script = """
import sys
from pathlib import Path
from support.toy_encoder import ToyEncoder
from content.errors import CollectionError
from indexer.collection import Collection
other = Collection.open(Path(sys.argv[1]), ToyEncoder())
print(other.ids(5), other.nearest("text", ToyEncoder().encode_texts(["red"]), 1)[0][0][0])
try:
    other.delete(["a"])
except CollectionError as error:
    print(error.message)
"""
    root = Path(__file__).parents[2]
    with collection.writing():
        collection.upsert([encoded("b", "blue")])
        done = subprocess.run(
            [sys.executable, "-c", script, collection.folder],
            env={"PYTHONPATH": f"{root}:{root / 'tests'}"},
            capture_output=True,
            text=True,
            check=True,
        )
    assert done.stdout.splitlines()[0] == "['a', 'b'] a"
    assert "another process is writing" in done.stdout.splitlines()[1]
    assert "a" in collection


def test_other_weights_of_the_same_encoder_are_told_from_another_encoder(tmp_path):
    Collection.create(tmp_path / "shop", ToyEncoder(fingerprint="old")).close()
    with pytest.raises(EncoderMismatch, match=r"shop was made by other weights of the encoder toy-16.*index again"):
        Collection.open(tmp_path / "shop", ToyEncoder(fingerprint="new"))
