"""How much a ZIP archive may bring: in one file, in all, in entries, and by how much more than it was packed."""

import struct

import pytest
from support.pictures import encoded, picture
from support.zips import write_zip, zip_bytes

from content.errors import TooLarge
from content.limits import ImageLimits
from indexer.sources import ZipSource
from indexer.sources.unpacking import ArchiveLimits

PNG = encoded(picture(), "PNG")


def test_a_bomb_is_stopped_by_what_comes_out(read_zip, below):
    """8 MB of nothing in 8 kB, whose header claims a few bytes; and one that is honest about it."""
    honest = zip_bytes({"a.csv": b"text\n" + bytes(8 << 20)})
    _, refused = read_zip(honest, ArchiveLimits(bytes=1 << 20))
    assert "1,048,576" in refused["a.csv"]

    lying = bytearray(honest)
    place = lying.index(b"PK\x01\x02")
    struct.pack_into("<L", lying, place + 24, 10)
    _, refused = read_zip(bytes(lying), ArchiveLimits(bytes=1 << 20))
    assert "damaged" in refused["a.csv"]


def test_a_file_that_is_packed_too_well_is_refused(read_zip):
    _, refused = read_zip(zip_bytes({"a.csv": b"text\n" + b"a" * (40 << 20)}))
    assert "honest" in refused["a.csv"]


def test_each_file_has_a_limit_and_all_have_one(read_zip):
    files = {f"{number}.png": PNG for number in range(5)}
    records, refused = read_zip(files, ArchiveLimits(bytes=3 * len(PNG)))
    assert (len(records), len(refused)) == (3, 2)

    records, refused = read_zip({"a.png": PNG, "b.txt": b"b"}, limits=ImageLimits(max_bytes=len(PNG) - 1))
    assert [record.id for record in records] == ["b.txt"]
    assert "more than" in refused["a.png"]


def test_too_many_entries(tmp_path):
    path = write_zip(tmp_path / "many.zip", {f"{number}.txt": b"" for number in range(2000)})
    with pytest.raises(TooLarge, match="1,000 files"):
        ZipSource(path, archive_limits=ArchiveLimits(entries=1000))


def test_folders_count_as_entries(read_zip):
    files = {f"{number}/{'d/' * 20}a.txt": b"text" for number in range(10)}
    records, refused = read_zip(files, ArchiveLimits(entries=100))
    assert (len(records), len(refused)) == (4, 6)
