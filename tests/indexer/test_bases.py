"""The indexes of large collections are derived: whatever happens to their files, what the store holds is found."""

import json
import shutil
import time

import numpy as np
import pytest
from support.toy_encoder import ToyEncoder

import indexer.base
from content.errors import CollectionError
from indexer.collection import Collection
from indexer.encoded import EncodedItem
from indexer.store import transaction
from indexer.vectors.live import IndexPolicy
from indexer.vectors.quantized import QuantizedIndex

D, N = 32, 3000
POLICY = IndexPolicy(exact_up_to=2000)
ENCODER = ToyEncoder(D)


def unit(rng, n):
    rows = (rng.standard_normal((40, D))[rng.integers(0, 40, n)] + 0.7 * rng.standard_normal((n, D))).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


VECTORS = unit(np.random.default_rng(3), N)
QUERIES = unit(np.random.default_rng(4), 50)


def item(n, vectors=VECTORS, prefix=""):
    return EncodedItem(f"{prefix}{n}", None, None, b"", {"image": vectors[n : n + 1]}, {"number": n})


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bases") / "c"
    with Collection.create(folder, ENCODER, POLICY) as collection:
        for start in range(0, N, 500):
            collection.upsert([item(n) for n in range(start, start + 500)])
        collection.save()
    return folder


@pytest.fixture
def folder(made, tmp_path):
    return shutil.copytree(made, tmp_path / "c")


def opened(folder):
    return Collection.open(folder, ENCODER, POLICY)


def base_file(folder):
    (path,) = folder.glob("image-*.faiss")
    return path


def exact(vectors, k=100):
    """vectors: number -> vector."""
    numbers = np.array(list(vectors))
    return numbers[np.argsort(-(QUERIES @ np.stack(list(vectors.values())).T), axis=1)[:, :k]]


def recall(collection, vectors, k=100):
    found = collection.nearest("image", QUERIES, k)
    shares = [
        len({int(hit.id) for hit in row} & set(right.tolist())) / len(right)
        for row, right in zip(found, exact(vectors, k), strict=True)
    ]
    assert all(len(row) == min(k, len(vectors)) for row in found)
    return float(np.mean(shares))


EVERYTHING = dict(enumerate(VECTORS))


def test_a_large_collection_has_an_index_that_knows_its_recall(folder):
    with opened(folder) as collection:
        state = collection.manifest.indexes["image"]
        assert recall(collection, EVERYTHING) >= 0.985  # of other queries than those it was measured with
    assert state.vectors == N
    assert state.type.startswith("PQ")
    assert 0.99 <= state.recall <= 1
    assert state.k_factor >= 1
    assert json.loads((folder / "manifest.json").read_text())["indexes"]["image"]["recall"] == state.recall


def test_a_good_index_is_read_and_left_alone(folder, monkeypatch):
    before = base_file(folder).stat().st_mtime_ns
    monkeypatch.setattr(QuantizedIndex, "build", None)
    with opened(folder) as collection:
        assert recall(collection, EVERYTHING) >= 0.985
    assert base_file(folder).stat().st_mtime_ns == before


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


@pytest.mark.parametrize("harm", [remove, empty, overwrite, cut, flip])
def test_a_missing_or_damaged_index_is_built_again_with_a_message(folder, caplog, harm):
    old = base_file(folder)
    harm(old)
    with opened(folder) as collection:
        assert recall(collection, EVERYTHING) >= 0.985
    assert old.name in caplog.text
    assert "building it again" in caplog.text
    assert base_file(folder).name != old.name


def test_what_came_and_went_since_the_index_was_built_is_there_and_gone(folder):
    """As after kill -9: the store went on, the index did not."""
    now = EVERYTHING | {n: QUERIES[n - N] for n in range(N, N + 20)}
    with opened(folder) as collection:
        collection.delete([str(n) for n in range(0, 500)])
        collection.upsert(
            [EncodedItem(str(n), None, None, b"", {"image": now[n][np.newaxis]}) for n in range(N, N + 20)]
        )
        collection.upsert([item(n, VECTORS[::-1]) for n in range(500, 520)])
    now |= {n: VECTORS[::-1][n] for n in range(500, 520)}
    for n in range(500):
        del now[n]
    with opened(folder) as collection:
        assert recall(collection, now) >= 0.985
        assert not {str(n) for n in range(500)} & {
            hit.id for row in collection.nearest("image", QUERIES, N) for hit in row
        }
        assert [row[0].id for row in collection.nearest("image", QUERIES[:20], 1)] == [str(n) for n in range(N, N + 20)]
        assert collection.count("image") == len(collection) == len(now)


def test_a_store_put_back_from_a_copy_counts_and_not_the_newer_index(folder, tmp_path):
    shutil.copy(folder / "collection.sqlite", tmp_path / "copy")
    with opened(folder) as collection:
        collection.delete([str(n) for n in range(1500)])
        collection.compact()
    shutil.copy(tmp_path / "copy", folder / "collection.sqlite")
    with opened(folder) as collection:
        assert recall(collection, EVERYTHING) >= 0.985


def wait_for(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_much_that_changed_is_compacted_in_the_background_and_others_take_it_over(folder):
    with opened(folder) as writer, opened(folder) as reader:
        old = base_file(folder)
        writer.delete([str(n) for n in range(0, 1200)])
        wait_for(lambda: writer.manifest.indexes["image"].vectors == N - 1200 and not old.exists())
        left = {n: vector for n, vector in EVERYTHING.items() if n >= 1200}
        for collection in (writer, reader):
            assert recall(collection, left) >= 0.985
        wait_for(lambda: reader.nearest("image", QUERIES[:1], 1) and reader._view._channels["image"].index.dead == 0)
        assert recall(reader, left) >= 0.985


def test_an_index_that_cannot_be_built_keeps_nobody_from_searching_and_writing(folder, monkeypatch, caplog):
    def full(*arguments, **options):
        raise CollectionError("no space is left on the disk")

    monkeypatch.setattr(indexer.view, "build_base", full)
    with opened(folder) as collection:
        collection.delete([str(n) for n in range(0, 1200)])
        wait_for(lambda: "no space is left" in caplog.text)
        collection.upsert([item(5)])
        assert recall(collection, {n: v for n, v in EVERYTHING.items() if n >= 1200 or n == 5}) >= 0.985


def test_who_is_too_far_behind_begins_anew(folder, monkeypatch):
    monkeypatch.setattr(transaction, "_REMOVALS_KEPT", 0)
    with opened(folder) as writer, opened(folder) as sleeper:
        assert sleeper.count("image") == N
        writer.delete([str(n) for n in range(0, 1200)])
        writer.compact()
        assert sleeper.count("image") == N - 1200
        assert recall(sleeper, {n: vector for n, vector in EVERYTHING.items() if n >= 1200}) >= 0.985


def test_a_filter_is_applied_before_the_nearest_are_taken(folder):
    from indexer.filters import parse_filter

    with opened(folder) as collection:
        for wanted, numbers in (({"number": {"$lt": 30}}, range(30)), ({"number": {"$gte": 1500}}, range(1500, N))):
            right = exact({n: VECTORS[n] for n in numbers}, 100)
            found = collection.nearest("image", QUERIES, 100, parse_filter(wanted))
            for row, best in zip(found, right, strict=True):
                assert len(row) == len(best)
                assert len({int(hit.id) for hit in row} & set(best.tolist())) >= 0.95 * len(best)
