"""A collection opened again: by the same program, another encoder, another process, after damage."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from support.toy_encoder import ToyEncoder
from support.toy_source import png

from content.errors import CollectionError, EncoderMismatch, NotFound
from indexer.collection import Collection
from indexer.item import Item, Picture
from indexer.locks import ProcessLock
from indexer.names import WRITER_LOCK

RED = Picture(png((255, 0, 0)), "image/png")


def found(collection, encoder, text, k=10, channel="text"):
    return [hit.id for hit in collection.nearest(channel, encoder.encode_texts([text]), k)[0]]


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
        "format": 2,
        "encoder": "toy-16",
        "fingerprint": "toy-16",
        "dimension": 16,
        "metric": "inner product",
        "items": 2,
        "indexes": {
            "image": {"type": "Flat", "vectors": 1, "recall": 1.0, "k_factor": None},
            "text": {"type": "Flat", "vectors": 3, "recall": 1.0, "k_factor": None},
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
    with Collection.create(tmp_path / "c", encoder) as made:
        assert len(made) == 0


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
other._writer._patience_s = 0.1
print(other.ids(5), other.nearest("text", ToyEncoder().encode_texts(["red"]), 1)[0][0][0])
try:
    other.delete(["a"])
except CollectionError as error:
    print(error.message)
"""
    root = Path(__file__).parents[2]
    collection.upsert([encoded("b", "blue")])
    with ProcessLock(collection.folder / WRITER_LOCK).held():
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
