"""How a process follows a collection that changes: what it must notice, what it may forget, and what spoils nothing."""

import shutil
import sqlite3

import numpy as np
import pytest
from support.toy_encoder import ToyEncoder

import indexer.channel as indexer_channel
from indexer.channel import LiveChannel
from indexer.collection import Collection
from indexer.filters import parse_filter
from indexer.store import transaction
from indexer.vectors.live import IndexPolicy, LiveIndex

RED = ToyEncoder().encode_texts(["red"])


def by_vector(collection):
    return sorted(hit.id for hit in collection.nearest("text", RED, 1000)[0])


def opened(folder, policy=None):
    return Collection.open(folder, ToyEncoder(), policy)


def removals(collection):
    with sqlite3.connect(collection.folder / "collection.sqlite") as connection:
        return connection.execute("SELECT count(*) FROM removals").fetchone()[0]


def test_what_is_committed_is_on_the_disk(collection, encoded):
    collection.upsert([encoded("a", "red")])
    (synchronous,) = collection._store._database._writer.execute("PRAGMA synchronous").fetchone()
    assert synchronous == 2  # FULL


def test_a_collection_that_changes_all_the_time_does_not_grow(collection, encoded, monkeypatch):
    monkeypatch.setattr(transaction, "_REMOVALS_KEPT", 100)
    monkeypatch.setattr(transaction, "_FORGET_EVERY", 200)
    with opened(collection.folder) as reader:
        for turn in range(250):
            collection.upsert([encoded(f"{n}", "red", turn=turn) for n in range(100)])
            if turn % 50 == 0:
                assert len(by_vector(reader)) == 100
        assert removals(collection) < 600
        for one in (collection, reader):
            assert len(by_vector(one)) == 100
            assert len(one._view._channels["text"]._owners) < 12_000


def test_the_last_removals_are_kept_for_those_who_look_seldom(collection, encoded):
    collection.upsert([encoded(f"{n}", "red") for n in range(100)])
    for turn in range(110):
        collection.upsert([encoded(f"{n}", "red", turn=turn) for n in range(100)])
    assert removals(collection) == 11_000


def test_a_removal_that_one_base_still_needs_is_kept(tmp_path, encoder, encoded, monkeypatch):
    monkeypatch.setattr(transaction, "_REMOVALS_KEPT", 0)
    policy = IndexPolicy(exact_up_to=50)
    with Collection.create(tmp_path / "c", encoder, policy) as collection:
        collection.upsert([encoded(f"{n}", f"red {n}", colour="red") for n in range(60)])
        collection.save()
        collection.delete([f"{n}" for n in range(5)])
        monkeypatch.setattr(policy.__class__, "wants_base", lambda self, live: False)
        view = collection._view
        view._background.in_turn(lambda: view._build("image", lambda share: None, patience_s=0.0))
    with opened(tmp_path / "c", policy) as again:
        assert removals(again) >= 5  # those of the texts, whose base is older
        assert again.count("text") == again.count("image") == 55


def test_who_is_far_behind_a_new_base_opens_it_and_does_not_read_everything(tmp_path, encoder, encoded, monkeypatch):
    policy = IndexPolicy(exact_up_to=100)
    Collection.create(tmp_path / "c", encoder, policy).close()
    with opened(tmp_path / "c", policy) as sleeper, opened(tmp_path / "c", policy) as writer:
        assert by_vector(sleeper) == []
        for start in range(0, 400, 100):
            writer.upsert([encoded(f"{n:03}", f"red {n}") for n in range(start, start + 100)])
        writer.save()
        apply, taken_in = LiveChannel.apply, []

        def counted(self, change):
            taken_in.append(len(change.added.keys))
            apply(self, change)

        monkeypatch.setattr(LiveChannel, "apply", counted)
        assert len(by_vector(sleeper)) == 400
        assert sum(taken_in) <= 100


def test_a_change_that_was_taken_in_by_half_spoils_nothing(collection, encoded, monkeypatch):
    collection.upsert([encoded("before", "red")])
    add = LiveIndex.add

    def add_and_fail(self, keys, vectors):
        add(self, keys, vectors)
        raise MemoryError

    monkeypatch.setattr(LiveIndex, "add", add_and_fail)
    with pytest.raises(MemoryError):
        collection.upsert([encoded("stored", "red")])
    monkeypatch.undo()
    assert by_vector(collection) == ["before", "stored"]
    collection.upsert([encoded("after", "red")])
    assert by_vector(collection) == ["after", "before", "stored"]


def test_a_store_that_was_put_back_in_the_same_file_is_followed(collection, encoded, tmp_path):
    collection.upsert([encoded(f"old {n}", "red") for n in range(10)])
    path = collection.folder / "collection.sqlite"
    with sqlite3.connect(path) as source, sqlite3.connect(tmp_path / "copy") as copy:
        source.backup(copy)
    collection.upsert([encoded(f"new {n}", "red") for n in range(10)])
    assert len(by_vector(collection)) == 20
    with sqlite3.connect(tmp_path / "copy") as source, sqlite3.connect(path) as target:
        source.backup(target)
    assert by_vector(collection) == [f"old {n}" for n in range(10)]
    collection.upsert([encoded("newest", "red")])
    assert len(by_vector(collection)) == collection.count("text") == 11


def test_a_filter_forgets_what_it_knew_when_something_is_written(collection, encoded):
    wanted = parse_filter({"price": {"$lt": 10}})
    collection.upsert([encoded("a", "red", price=5)])
    assert [hit.id for hit in collection.nearest("text", RED, 5, wanted)[0]] == ["a"]
    collection.upsert([encoded("a", "red", price=50), encoded("b", "red", price=5)])
    assert [hit.id for hit in collection.nearest("text", RED, 5, wanted)[0]] == ["b"]


def test_a_base_that_is_replaced_while_it_is_opened_is_not_built_again(tmp_path, encoder, encoded, monkeypatch, caplog):
    policy = IndexPolicy(exact_up_to=100)
    with Collection.create(tmp_path / "c", encoder, policy) as writer:
        writer.upsert([encoded(f"{n:03}", f"red {n}") for n in range(300)])
        writer.save()
        (gone,) = (tmp_path / "c").glob("text-*.faiss")
        shutil.copy(gone, tmp_path / "kept")
        opening = indexer_channel.open_base

        def replaced_meanwhile(folder, state):
            if state.file == gone.name and gone.exists():
                writer.compact()
            return opening(folder, state)

        monkeypatch.setattr(indexer_channel, "open_base", replaced_meanwhile)
        before = writer.manifest.indexes["text"]
        with opened(tmp_path / "c", policy) as late:
            assert len(by_vector(late)) == 300
    assert "building it again" not in caplog.text
    assert before.vectors == 300


def test_a_killed_builders_file_is_removed_by_the_next(tmp_path, encoder, encoded):
    policy = IndexPolicy(exact_up_to=100)
    with Collection.create(tmp_path / "c", encoder, policy) as collection:
        left = tmp_path / "c" / ".text-0123.faiss.tmp"
        left.write_bytes(b"half")
        collection.upsert([encoded(f"{n:03}", f"red {n}") for n in range(300)])
        collection.save()
        assert not left.exists()


def test_items_behind_the_end_of_a_mask_are_not_meant(collection, encoded, monkeypatch):
    """As when another process adds one after the filter was evaluated, and before the vectors are searched."""
    wanted = parse_filter({"price": 1})
    collection.upsert([encoded("a", "red", price=1)])
    mask = collection._allowed.mask(wanted)
    collection.upsert([encoded(f"later {n}", "red", price=1) for n in range(3)])
    found = collection._view.nearest("text", RED, 10, mask)[0]
    assert [each.item for each in found] == np.flatnonzero(mask).tolist()
