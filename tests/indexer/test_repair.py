"""The indexes are derived: whatever happens to their files, what is found is what the store holds."""

import logging
import shutil

import pytest
from support.toy_encoder import ToyEncoder

from content.errors import CollectionError
from indexer.collection import Collection
from indexer.faiss_index import FaissIndex

COLOURS = ["red", "green", "blue"]


@pytest.fixture
def folder(collection, encoded):
    collection.upsert(
        [encoded(f"{colour} {n}", f"{colour} {n}", colour=colour) for colour in COLOURS for n in range(30)]
    )
    collection.close()
    return collection.folder


def answers(collection):
    encoder = ToyEncoder()
    return [
        [
            (item_id, round(score, 5))
            for item_id, score in sorted(ranking, key=lambda pair: (-round(pair[1], 5), pair[0]))
        ]
        for channel in ("image", "text")
        for ranking in collection.nearest(channel, encoder.encode_texts(["red 3", "blue", "7"]), 1000)
    ]


@pytest.fixture
def right(folder, encoder):
    with Collection.open(folder, encoder) as collection:
        return answers(collection)


def remove(path):
    path.unlink()


def empty(path):
    path.write_bytes(b"")


def overwrite(path):
    path.write_bytes(b"not an index " * 100)


def cut(path):
    path.write_bytes(path.read_bytes()[:-40])


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)


def other_dimension(path):
    index = FaissIndex(5)
    index.save(path)


@pytest.mark.parametrize("harm", [remove, empty, overwrite, cut, flip, other_dimension])
def test_a_missing_or_damaged_index_is_rebuilt_and_saved(folder, encoder, right, caplog, harm):
    harm(folder / "image.faiss")
    harm(folder / "text.faiss")
    with caplog.at_level(logging.INFO, "indexer"), Collection.open(folder, encoder) as collection:
        assert answers(collection) == right
    assert "image.faiss" in caplog.text
    if harm is not remove:
        assert "rebuilding" in caplog.text
    assert len(FaissIndex.open(folder / "image.faiss")) == len(FaissIndex.open(folder / "text.faiss")) == 90


def test_an_index_of_another_collection_is_noticed(folder, encoder, encoded, right, tmp_path, caplog):
    with Collection.create(tmp_path / "other", encoder) as other:
        other.upsert([encoded(str(n), f"word {n}", colour="green") for n in range(90)])  # the same keys
    shutil.copy(tmp_path / "other" / "text.faiss", folder / "text.faiss")
    with Collection.open(folder, encoder) as collection:
        assert answers(collection) == right
    assert "belongs to other vectors" in caplog.text


def test_a_stale_index_is_brought_up_to_date(folder, encoder, encoded, tmp_path):
    """As after kill -9: the store went on, the files did not."""
    shutil.copytree(folder, tmp_path / "before")
    with Collection.open(folder, encoder) as collection:
        collection.delete(["red 3", "blue 7"])
        collection.upsert([encoded("green 1", "blue", colour="blue"), encoded("new", "red", colour="red")])
        right = answers(collection)
    for name in ("image.faiss", "text.faiss"):
        shutil.copy(tmp_path / "before" / name, folder / name)
    with Collection.open(folder, encoder) as collection:
        assert answers(collection) == right
    assert len(FaissIndex.open(folder / "text.faiss")) == 89


def test_an_index_that_is_ahead_of_the_store_is_cut_back(folder, encoder, encoded, right, tmp_path):
    """As after a store was put back from a copy."""
    shutil.copy(folder / "collection.sqlite", tmp_path / "copy")
    with Collection.open(folder, encoder) as collection:
        collection.upsert([encoded("new", "red 3", colour="red")])
    shutil.copy(tmp_path / "copy", folder / "collection.sqlite")
    with Collection.open(folder, encoder) as collection:
        assert answers(collection) == right


def test_a_good_index_is_left_alone(folder, encoder, right):
    before = (folder / "text.faiss").stat().st_mtime_ns
    with Collection.open(folder, encoder) as collection:
        assert answers(collection) == right
    assert (folder / "text.faiss").stat().st_mtime_ns == before


def test_indexes_that_cannot_be_saved_cost_nothing_but_time(folder, encoder, encoded, right, monkeypatch, caplog):
    def full(self, path):
        raise CollectionError("the disk is full")

    with Collection.open(folder, encoder) as collection:
        collection.upsert([encoded("new", "red", colour="red")])
        now = answers(collection)
        monkeypatch.setattr(FaissIndex, "save", full)
    assert "the disk is full" in caplog.text
    monkeypatch.undo()
    with Collection.open(folder, encoder) as collection:
        assert answers(collection) == now != right
