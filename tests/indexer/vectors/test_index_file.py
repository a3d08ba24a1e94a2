"""The file of an index gives back what was saved, mapped instead of read, and is refused when it is not whole."""

import zlib
from pathlib import Path

import numpy as np
import pytest
from support.clustered_vectors import clustered_vectors

from content.errors import CollectionError, NotFound
from indexer.vectors.quantized import QuantizedIndex

D = 32
VECTORS = clustered_vectors(6_000)
KEYS = np.arange(10, 6_010)
ITEMS = KEYS[::-1] // 2


@pytest.fixture(scope="module")
def index():
    return QuantizedIndex.build(KEYS, lambda keys: VECTORS[keys - 10], D)


@pytest.fixture
def path(index, tmp_path):
    path = tmp_path / "text.faiss"
    index.save(path, ITEMS)
    return path


def assert_same(one, other):
    assert (one.kind, one.recall, one.k_factor, one.dimension) == (
        other.kind,
        other.recall,
        other.k_factor,
        other.dimension,
    )
    np.testing.assert_array_equal(one.keys(), other.keys())
    for allowed in (None, KEYS[::3]):
        for ours, theirs in zip(
            one.search(VECTORS[:20], 30, allowed), other.search(VECTORS[:20], 30, allowed), strict=True
        ):
            np.testing.assert_array_equal(ours, theirs)


def test_what_was_saved_is_opened(index, path):
    opened = QuantizedIndex.open(path)
    assert_same(opened.index, index)
    assert opened.items.tolist() == ITEMS.tolist()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("count", [0, 300])
def test_an_exact_index_has_the_same_file(tmp_path, count):
    index = QuantizedIndex.build(KEYS[:count], lambda keys: VECTORS[keys - 10], D)
    index.save(tmp_path / "x", ITEMS[:count])
    opened = QuantizedIndex.open(tmp_path / "x")
    assert opened.index.kind == "Flat"
    assert_same(opened.index, index)


def test_an_opened_index_can_be_saved_again_over_its_own_file_and_trained_from(index, path):
    opened = QuantizedIndex.open(path).index
    opened.save(path, ITEMS)
    assert_same(QuantizedIndex.open(path).index, index)
    again = QuantizedIndex.build(KEYS, lambda keys: VECTORS[keys - 10], D, trained=opened)
    assert_same(again, index)


def test_it_goes_on_when_its_file_is_removed_or_replaced(index, path):
    opened = QuantizedIndex.open(path).index
    path.unlink()
    assert_same(opened, index)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="asks Linux what is mapped")
def test_its_codes_are_mapped(path):
    opened = QuantizedIndex.open(path)
    maps = [line for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines() if str(path) in line]
    assert len(maps) >= 2  # FAISS's and ours
    assert not opened.items.flags.writeable


def test_items_must_be_as_many_as_keys(index, tmp_path):
    with pytest.raises(ValueError, match="items"):
        index.save(tmp_path / "x", ITEMS[1:])


def test_a_missing_file_is_not_found(tmp_path):
    with pytest.raises(NotFound):
        QuantizedIndex.open(tmp_path / "nothing")


def test_any_damage_is_noticed(path):
    whole = path.read_bytes()
    for place in np.linspace(0, len(whole) - 1, 25).astype(int).tolist():
        broken = bytearray(whole)
        broken[place] ^= 0x10
        path.write_bytes(broken)
        with pytest.raises(CollectionError):
            QuantizedIndex.open(path)


@pytest.mark.parametrize("length", [0, 3, 20, 40, 1_000, -1, -100])
def test_a_file_that_is_cut_short_is_refused(path, length):
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(CollectionError, match="checksum"):
        QuantizedIndex.open(path)


def test_another_file_with_a_right_checksum_is_refused(path):
    other = bytes(range(256)) * 8
    path.write_bytes(other + zlib.crc32(other).to_bytes(4, "little"))
    with pytest.raises(CollectionError, match="version"):
        QuantizedIndex.open(path)


def test_a_folder_and_a_full_disk_are_named(index, tmp_path):
    with pytest.raises(CollectionError, match="cannot be read"):
        QuantizedIndex.open(tmp_path)
    with pytest.raises(CollectionError, match="cannot write"):
        index.save(tmp_path / "gone" / "x", ITEMS)
