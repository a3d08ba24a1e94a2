"""A ZIP archive from anywhere: what is good is indexed, what is bad is named, and nothing is written beside it."""

import json
import struct
import zipfile
from pathlib import Path

import pytest
from support.pdfs import text_pdf
from support.pictures import encoded, picture
from support.zips import DEVICE, LINK, entry, with_raw_name, write_zip, zip_bytes

from content.errors import Cancelled, InvalidInput
from indexer.record import Refusal
from indexer.sources import ZipSource, open_source, opened_source
from indexer.sources.unpacking import UnpackingFailed

PNG = encoded(picture(), "PNG")


def test_files_are_read_as_in_a_folder(read_zip):
    records, refused = read_zip({"b.png": PNG, "a/图.md": "图".encode(), "a/book.pdf": text_pdf(["one", "two"])})

    assert [record.id for record in records] == ["a/book.pdf#page=1", "a/book.pdf#page=2", "a/图.md", "b.png"]
    assert refused == {}
    assert records[-1].image == PNG


def test_two_bad_files_are_named_and_the_rest_is_read(read_zip):
    """A broken picture is found out where pictures are decoded: see test_indexing."""
    records, refused = read_zip({"good.png": PNG, "setup.exe": b"MZ", "empty.txt": b"", "noted.txt": b"text"})

    assert [record.id for record in records] == ["good.png", "noted.txt"]
    assert set(refused) == {"setup.exe", "empty.txt"}
    assert "not indexed" in refused["setup.exe"]


def test_a_table_with_the_pictures_it_names(read_zip):
    rows = [
        {"id": "one", "text": "a", "image": "pictures/1.png", "price": 3},
        {"id": "two", "image": "./pictures/2.png"},
    ]
    table = "\n".join(map(json.dumps, rows)).encode()

    for folder in ("", "catalogue/"):
        files = {f"{folder}pictures/{number}.png": PNG for number in (1, 2, 3)}
        records, refused = read_zip({**files, f"{folder}items.jsonl": table})
        assert [record.id for record in records] == ["one", "two", f"{folder}pictures/3.png"]
        assert refused == {}
        assert (records[0].image, records[0].metadata) == (PNG, {"price": 3})


def test_a_csv_and_a_table_without_the_right_columns(read_zip):
    records, refused = read_zip({"a.csv": b"id,image\n1,p.png\n2,q.png\n", "p.png": PNG, "odd.csv": b"x,y\n1,2\n"})

    assert [record.id for record in records] == ["1"]
    assert set(refused) == {"a.csv:3", "odd.csv"}


@pytest.mark.parametrize(
    "cell",
    ["/etc/passwd", "../secret.png", "a/../../secret.png", "C:\\\\secret.png", "..\\\\secret.png", "file:///etc/passwd",
     "~/secret.png", "/proc/self/environ"],
)  # fmt: skip
def test_a_table_reads_nothing_outside_and_tells_nothing_about_it(tmp_path, read_zip, cell):
    (tmp_path / "secret.png").write_bytes(PNG)

    records, refused = read_zip({"items.jsonl": b'{"id": "a", "image": "%s"}\n' % cell.encode()})

    assert records == []
    (reason,) = refused.values()
    assert str(tmp_path) not in reason
    assert ("leads out" in reason) == (not cell.startswith("file:"))


@pytest.mark.parametrize(
    "name",
    ["/etc/a.png", "../a.png", "x/../../a.png", "C:\\a.png", "c:a.png", "..\\a.png", "\\\\server\\share\\a.png", "x/..",
     "a\0.png"],
)  # fmt: skip
def test_names_that_lead_out_are_refused(read_zip, name):
    records, refused = read_zip({name: PNG, "good.txt": b"good"})

    assert [record.id for record in records] == ["good.txt"]
    assert len(refused) == 1
    assert "leads out" in next(iter(refused.values()))


def test_backslashes_are_folders(read_zip):
    records, _ = read_zip({"pictures\\a.png": PNG})
    assert [record.id for record in records] == ["pictures/a.png"]


@pytest.mark.parametrize("mode", [LINK, DEVICE])
def test_links_and_devices_are_refused(read_zip, tmp_path, mode):
    path = tmp_path / "links.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry("passwd.txt", mode), b"/etc/passwd")
    records, refused = read_zip(path.read_bytes())
    assert (records, list(refused)) == ([], ["passwd.txt"])


def test_what_computers_leave_is_passed_over(read_zip):
    files = {"__MACOSX/._a.png": b"x", ".DS_Store": b"x", "a/.DS_Store": b"x", "Thumbs.db": b"x", "a/desktop.ini": b"x"}
    records, refused = read_zip({**files, "a/b.txt": b"b", "empty/": b""})
    assert ([record.id for record in records], refused) == (["a/b.txt"], {})


@pytest.mark.parametrize(
    ("raw", "utf8", "name"),
    [
        ("红色杯子.txt".encode("gbk"), False, "红色杯子.txt"),
        ("照片/夏天\\荔枝.txt".encode("gbk"), False, "照片/夏天/荔枝.txt"),
        ("中文.txt".encode(), True, "中文.txt"),
        ("中文.txt".encode(), False, "中文.txt"),
        ("Müller.txt".encode("cp437"), False, "Müller.txt"),
        ("café.txt".encode("cp437"), False, "café.txt"),
    ],
)
def test_names_as_whoever_packed_them_saw_them(read_zip, raw, utf8, name):
    records, refused = read_zip(with_raw_name(raw, b"text", utf8=utf8))
    assert ([record.id for record in records], refused) == ([name], {})


def test_a_name_of_gbk_whose_second_byte_is_a_backslash(read_zip):
    """0x5C is no separator there."""
    name = "乗荔.txt"
    assert "乗".encode("gbk") == b"\x81\\"
    records, _ = read_zip(with_raw_name(name.encode("gbk"), b"text"))
    assert [record.id for record in records] == [name]


def test_damaged_entries_are_refused_one_by_one(read_zip):
    data = bytearray(zip_bytes({"bad.txt": b"some text " * 50, "good.txt": b"good"}))
    data[data.index(b"bad.txt") + len("bad.txt") + 3] ^= 0xFF
    records, refused = read_zip(bytes(data))
    assert [record.id for record in records] == ["good.txt"]
    assert "damaged" in refused["bad.txt"]


def test_a_wrong_checksum_is_found(read_zip):
    data = bytearray(zip_bytes({"bad.png": PNG}, zipfile.ZIP_STORED))
    data[data.index(PNG) + len(PNG) // 2] ^= 0xFF
    records, refused = read_zip(bytes(data))
    assert records == []
    assert "CRC" in refused["bad.png"]


def test_encrypted_and_rarely_packed_entries_are_refused(read_zip):
    data = bytearray(zip_bytes({"locked.txt": b"secret", "good.txt": b"good"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    _, refused = read_zip(bytes(data))
    assert "password" in refused["locked.txt"]

    _, refused = read_zip(zip_bytes({"a.txt": b"text"}, zipfile.ZIP_LZMA))
    assert "Deflate" in refused["a.txt"]


def test_an_archive_in_an_archive_is_refused(read_zip):
    _, refused = read_zip({"inner.zip": zip_bytes({"a.txt": b"a"})})
    assert "unpack it first" in refused["inner.zip"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_second_of_two_entries_of_one_name_is_refused(tmp_path, read_zip):
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for text in ("first", "second"):
            archive.writestr("a.txt", text)
        archive.writestr("a.txt/b.txt", "below a file")
    records, refused = read_zip(path.read_bytes())
    assert [record.text for record in records] == ["first"]
    assert set(refused) == {"a.txt", "a.txt/b.txt"}


@pytest.mark.parametrize(
    "name", ["x" * 300 + ".txt", "d/" * 100 + "a.txt", "y" * 5000 + ".txt", "a\nb.txt", "a//b.txt"]
)
def test_names_that_no_file_may_have_are_refused(read_zip, name):
    records, refused = read_zip({name: b"text", "good.txt": b"good"})
    assert [record.id for record in records] == ["good.txt"]
    assert len(refused) == 1


@pytest.mark.parametrize("data", [b"", b"no archive", zip_bytes({"a.txt": b"a"})[:-10], b"PK\x05\x06" + bytes(10)])
def test_what_is_no_archive_is_told_at_once(tmp_path, data):
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(InvalidInput, match=r"a\.zip is no ZIP"):
        open_source(tmp_path / "a.zip")


def test_a_list_that_claims_to_be_endless(tmp_path):
    data = bytearray(zip_bytes({"a.txt": b"a"}))
    struct.pack_into("<L", data, len(data) - 10, 0xFFFFFFF0)
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(InvalidInput):
        open_source(tmp_path / "a.zip")


def test_a_full_disk_ends_it_with_a_sentence(tmp_path, below, monkeypatch):
    path = write_zip(tmp_path / "a.zip", {"a.txt": b"a"})
    source = ZipSource(path, below=below)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", full)
    with pytest.raises(UnpackingFailed, match="No space left"):
        source.count()
    source.close()
    assert list(below.iterdir()) == []


def test_it_can_be_called_off(tmp_path, below):
    path = write_zip(tmp_path / "a.zip", {f"{number}.txt": b"text" for number in range(9)})
    asked = []

    def check():
        asked.append(None)
        if len(asked) == 5:
            raise Cancelled("enough")

    with pytest.raises(Cancelled), ZipSource(path, below=below, check=check) as source:
        list(source.entries())
    assert list(below.iterdir()) == []


def test_what_was_unpacked_lasts_as_long_as_somebody_may_read_it(tmp_path, below):
    entries = list(ZipSource(write_zip(tmp_path / "a.zip", {"a.txt": b"a"}), below=below).entries())
    assert [each.read().text for each in entries if not isinstance(each, Refusal)] == ["a"]
    del entries
    assert list(below.iterdir()) == []

    with opened_source(tmp_path / "a.zip") as source:
        assert source.count() == 1
