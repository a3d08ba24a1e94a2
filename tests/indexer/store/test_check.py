"""What a crash or a bad copy leaves wrong is found and repaired, and what is right is left alone."""

import os
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from support.toy_encoder import ToyEncoder

from content.errors import CollectionBusy
from indexer.collection import Collection
from indexer.encoded import EncodedItem
from indexer.filters import parse_filter
from indexer.locks import ProcessLock
from indexer.names import WRITER_LOCK
from indexer.store.words import remove_words
from indexer.vectors.live import IndexPolicy

SMALL = IndexPolicy(exact_up_to=300)
HOSTILE = ['a"b', "杯子 500ml XJ-900/B", "🙂", "\t", "e\u0301tude ŒUVRE ﬁn", "x" * 3000, "NOT (a OR b*)", "ⅷ²", "ไทย"]


def items(first: int, count: int) -> list[EncodedItem]:
    rng = np.random.default_rng(first)
    vectors = rng.normal(size=(count, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [
        EncodedItem(
            f"{first + n}",
            f"number {first + n} {HOSTILE[n % len(HOSTILE)]}",
            None,
            b"digest",
            {"text": vectors[n : n + 1]},
            {"n": n, "tags": [1, 1.0, True, None, "x", HOSTILE[n % len(HOSTILE)]], "day": "2024-02-29", "zero": -0.0},
        )
        for n in range(count)
    ]


@pytest.fixture
def collection(tmp_path):
    """400 vectors in an index on disk, 100 fresh ones, some gone."""
    with Collection.create(tmp_path / "c", ToyEncoder(), SMALL) as made:
        made.upsert(items(0, 400))
        made.save()
        made.upsert(items(400, 100))
        made.delete([f"{n}" for n in range(0, 60, 3)])
        yield made


@pytest.fixture
def store(collection):
    """Somebody who writes into the collection's file without asking."""
    connection = sqlite3.connect(collection.folder / "collection.sqlite", isolation_level=None)
    yield connection
    connection.close()


def index_file(collection: Collection) -> Path:
    (path,) = collection.folder.glob("text-*.faiss")
    return path


def answers(collection: Collection) -> list:
    cheap = parse_filter({"n": {"$lt": 50}})
    queries = np.eye(16, dtype=np.float32)[:4]
    return [
        [{hit.id for hit in row} for row in collection.nearest("text", queries, 40)],
        [{hit.id for hit in row} for row in collection.nearest("text", queries, 1000, cheap)],
        [{hit.id for hit in collection.by_words(query, 500)} for query in ("杯子", "number 401", "900/B", "🙂")],
    ]


def test_a_collection_in_order_is_clean_and_nothing_is_changed(collection):
    files = {path.name: path.read_bytes() for path in collection.folder.iterdir() if "-shm" not in path.name}
    parts = []
    report = collection.check(on_part=parts.append)
    assert report.is_clean, report.findings
    assert (report.items, report.vectors) == (480, 480)
    assert parts == ["store", "vectors", "words", "fields", "indexes", "files"]
    assert {path.name: path.read_bytes() for path in collection.folder.iterdir() if "-shm" not in path.name} == files


def test_an_empty_collection_and_one_without_an_index_are_clean(tmp_path, encoder):
    with Collection.create(tmp_path / "empty", encoder) as empty:
        assert empty.check().is_clean
    with Collection.open(tmp_path / "empty") as again:
        assert again.check().is_clean


def forget_fields(collection, store):
    store.execute("DELETE FROM fields WHERE item % 7 = 0")


def change_a_field(collection, store):
    store.execute("UPDATE OR REPLACE fields SET value = value + 1 WHERE kind = 3 AND item = 100")


def lose_field_names(collection, store):
    store.execute("DELETE FROM field_names")


def drop_fields(collection, store):
    store.execute("DROP TABLE fields")


def forget_words(collection, store):
    key = collection.by_words("number 401", 1)[0].key
    body = store.execute("SELECT id, text FROM items WHERE id = '401'").fetchone()
    remove_words(store, [(key, "\n".join(body))])


def empty_words(collection, store):
    store.execute("INSERT INTO words (words) VALUES ('delete-all')")


def damage_trigrams(collection, store):
    store.execute("DELETE FROM trigrams_data WHERE id > 10")


def empty_trigrams(collection, store):
    store.execute("UPDATE trigrams_data SET block = zeroblob(length(block))")


def drop_words(collection, store):
    store.execute("DROP TABLE trigrams")


def remove_index(collection, store):
    index_file(collection).unlink()


def cut_index(collection, store):
    path = index_file(collection)
    path.unlink()
    path.write_bytes(b"not an index")


def index_of_others(collection, store):
    others = collection.folder.with_name("others")
    with Collection.create(others, ToyEncoder(), SMALL) as made:
        made.upsert(items(1000, 400))
        made.save()
        path = index_file(made)
    index_file(collection).unlink()
    path.rename(
        collection.folder / store.execute("SELECT value ->> 'file' FROM info WHERE key = 'base_text'").fetchone()[0]
    )


def garble_index_state(collection, store):
    store.execute("UPDATE info SET value = '{\"what\": 1}' WHERE key = 'base_text'")


def remove_manifest(collection, store):
    (collection.folder / "manifest.json").unlink()


def garble_manifest(collection, store):
    (collection.folder / "manifest.json").write_text('{"format": 1')


def leave_files(collection, store):
    for name in (".text-1.faiss.tmp", "text-0123.faiss", "image.faiss", ".manifest.json.tmp"):
        path = collection.folder / name
        path.write_bytes(b"x" * 1000)
        os.utime(path, (0, 0))


def break_an_sqlite_index(collection, store):
    store.execute("PRAGMA writable_schema = ON")
    store.execute("UPDATE sqlite_master SET sql = replace(sql, 'channel', 'start') WHERE name = 'vectors_of_item'")
    store.execute("PRAGMA schema_version = 999")  # so that others read it again


def add_orphans(collection, store):
    store.execute("INSERT INTO vectors (item, channel, vector) VALUES (99999, 'image', zeroblob(64))")
    store.execute("INSERT INTO pictures (item, media_type, data) VALUES (99999, 'image/png', x'00')")


DAMAGES = {
    "fields": [forget_fields, change_a_field, lose_field_names, drop_fields],
    "words": [forget_words, empty_words, damage_trigrams, empty_trigrams, drop_words],
    "indexes": [remove_index, cut_index, index_of_others, garble_index_state],
    "manifest": [remove_manifest, garble_manifest],
    "files": [leave_files],
    "store": [add_orphans, break_an_sqlite_index],
}


@pytest.mark.parametrize(
    ("part", "damage"), [(part, damage) for part, damages in DAMAGES.items() for damage in damages]
)
def test_damage_is_found_told_and_repaired(collection, store, part, damage):
    right = answers(collection)
    server = Collection.open(collection.folder, ToyEncoder(), SMALL)  # it goes on all the time
    damage(collection, store)
    told = collection.check(repair=False)
    assert {finding.part for finding in told.findings} == {part}
    assert not told.is_sound
    repaired = collection.check()
    assert {finding.part for finding in repaired.findings} == {part}
    assert repaired.is_sound
    assert collection.check().is_clean
    with Collection.open(collection.folder, ToyEncoder(), SMALL) as again:
        assert answers(again) == right
    assert answers(collection) == answers(server) == right
    server.close()
    collection.upsert(items(2000, 5))
    collection.delete(["401", "402", "2001"])
    assert collection.check().is_clean


@pytest.mark.parametrize("vector", [b"\0" * 60, np.full(16, np.nan, np.float32).tobytes()], ids=["short", "nan"])
def test_damaged_vectors_are_removed_and_their_items_named_and_indexed_again(collection, store, vector):
    store.execute("UPDATE vectors SET vector = ? WHERE item = (SELECT number FROM items WHERE id = '405')", (vector,))
    report = collection.check()
    assert {finding.part for finding in report.findings} == {"vectors", "words"}
    assert "item '405'" in report.findings[0].problem
    assert "index these items again" in report.findings[0].remedy
    assert not report.is_sound
    assert collection.digests(["405", "406"]) == {"405": b"", "406": b"digest"}
    assert collection.count("text") == 479
    (still,) = collection.check().findings  # until it is indexed again
    assert (still.part, still.repaired) == ("vectors", False)
    assert "'405'" in still.problem
    with Collection.open(collection.folder, ToyEncoder(), SMALL) as again:
        assert again.count("text") == 479


def test_a_damaged_truth_is_told_and_left_as_it_is(collection):
    collection.close()
    path = collection.folder / "collection.sqlite"
    data = bytearray(path.read_bytes())
    middle = (len(data) // 2) // 16384 * 16384
    data[middle : middle + 16384] = b"\xa5" * 16384
    path.write_bytes(data)
    with Collection.open(collection.folder) as opened:
        report = opened.check()
    (finding,) = report.findings
    assert finding.part == "store"
    assert not finding.repaired
    assert "restore the collection from a backup" in finding.remedy
    assert path.read_bytes() == data


def test_unreadable_metadata_cannot_be_repaired(collection, store):
    store.execute("UPDATE items SET metadata = '{oops' WHERE id = '405'")
    (finding,) = collection.check().findings
    assert "item '405'" in finding.problem
    assert not finding.repaired


def test_an_index_that_is_lost_when_little_or_nothing_is_left_is_built_again_on_opening(collection):
    for left in (5, 0):
        collection.delete([f"{n}" for n in range(500 - left)])
        index_file(collection).unlink()
        with Collection.open(collection.folder, ToyEncoder(), SMALL) as again:
            assert again.count("text") == left
            assert again.check().is_clean


def test_files_that_another_process_may_be_writing_stay(collection):
    (collection.folder / ".text-2.faiss.tmp").write_bytes(b"x")
    assert collection.check().is_clean
    assert (collection.folder / ".text-2.faiss.tmp").exists()


def test_nothing_is_repaired_while_another_process_writes(collection, store, monkeypatch):
    forget_fields(collection, store)
    other = Collection.open(collection.folder)
    monkeypatch.setattr(other._writer, "_patience_s", 0.1)
    with ProcessLock(collection.folder / WRITER_LOCK).held(), pytest.raises(CollectionBusy):
        other.check()
    assert [finding.part for finding in other.check().findings] == ["fields"]
    other.close()
