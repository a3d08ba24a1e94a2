"""A folder tree as people have them: everything that can be read is read, everything else is named with its reason."""

import os
import subprocess
from pathlib import Path

import pytest
from support.hostile_files import make_hostile_folder
from support.pdfs import text_pdf
from support.pictures import encoded, picture

from content.errors import LycheeError
from content.images import decode
from content.limits import ImageLimits
from indexer.record import Entry
from indexer.sources import FolderSource, open_source

PNG = encoded(picture(), "PNG")


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def test_ids_are_paths_in_the_order_of_names(tmp_path, read_all):
    root = write(
        tmp_path, {"b.png": PNG, "a/2.txt": b"two", "a/1.JPEG": PNG, "c/d/图.md": "图".encode(), "a.txt": b"a"}
    )

    records, refused = read_all(open_source(root))

    assert [record.id for record in records] == ["a/1.JPEG", "a/2.txt", "a.txt", "b.png", "c/d/图.md"]
    assert refused == {}
    by_id = {record.id: record for record in records}
    assert by_id["b.png"].image == PNG
    assert by_id["b.png"].text is None
    assert (by_id["c/d/图.md"].text, by_id["c/d/图.md"].image) == ("图", None)


def test_digests_follow_the_content_and_not_the_name(tmp_path, read_all):
    write(tmp_path, {"a.txt": b"same", "b.txt": b"same", "c.txt": b"other"})
    (a, b, c), _ = read_all(open_source(tmp_path))
    assert a.digest == b.digest != c.digest


def test_hidden_files_and_other_files_are_passed_over(tmp_path, read_all):
    write(
        tmp_path,
        {".a.png": PNG, ".git/b.png": PNG, "c.zip": b"", "d": b"", "table.csv": b"text\nx\n", "__MACOSX/e.png": PNG},
    )
    source = FolderSource(tmp_path)
    assert read_all(source) == ([], {})
    assert source.passed_over == 3
    assert source.count() == 0


def test_a_relative_root(tmp_path, read_all, monkeypatch):
    write(tmp_path, {"photos/sub/a.png": PNG, "photos/book.pdf": text_pdf(["one"])})
    monkeypatch.chdir(tmp_path)
    for root in ("photos", "./photos/", "photos/../photos"):
        records, refused = read_all(open_source(root))
        assert ([record.id for record in records], refused) == (["book.pdf#page=1", "sub/a.png"], {})


def test_links(tmp_path, read_all):
    write(tmp_path, {"root/a.png": PNG, "root/sub/b.txt": b"b", "secret.txt": b"secret"})
    root = tmp_path / "root"
    (root / "sub" / "loop").symlink_to("..")
    (root / "inside.png").symlink_to("a.png")
    (root / "outside.txt").symlink_to("../secret.txt")
    (root / "gone.png").symlink_to("nowhere")
    (root / "self.png").symlink_to("self.png")

    records, refused = read_all(open_source(root))

    assert [record.id for record in records] == ["a.png", "inside.png", "sub/b.txt"]
    assert set(refused) == {"sub/loop", "outside.txt", "gone.png", "self.png"}
    assert "not followed" in refused["sub/loop"]
    assert "leads out" in refused["outside.txt"]


def test_names_that_no_text_can_hold_are_refused(tmp_path, read_all):
    for name in (b"good.txt", b"bad\xff.txt", b"dir\xfe", b"line\nbreak.txt"):
        path = os.fsencode(tmp_path) + b"/" + name
        if name.startswith(b"dir"):
            os.mkdir(path)  # noqa: PTH102  a path of bytes
        else:
            Path(os.fsdecode(path)).write_bytes(b"text")

    records, refused = read_all(open_source(tmp_path))

    assert [record.id for record in records] == ["good.txt"]
    assert set(refused) == {r"bad\xff.txt", r"dir\xfe", "line\nbreak.txt"}
    assert "UTF-8" in refused[r"bad\xff.txt"]


def test_names_are_normalised_and_never_given_twice(tmp_path, read_all):
    write(tmp_path, {"cafe\u0301.txt": b"decomposed", "x/cafe\u0301.txt": b"x"})
    records, _ = read_all(open_source(tmp_path))
    assert [record.id for record in records] == ["caf\u00e9.txt", "x/caf\u00e9.txt"]

    write(tmp_path, {"caf\u00e9.txt": b"composed"})
    records, refused = read_all(open_source(tmp_path))
    assert [record.text for record in records] == ["decomposed", "x"]
    assert "normalisation" in refused["caf\u00e9.txt"]


def test_a_tree_deeper_than_the_stack_of_python(tmp_path, read_all):
    descriptor = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1200):  # step by step: the whole path is longer than the system takes
        os.mkdir("d", dir_fd=descriptor)
        below = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)
    write(tmp_path, {"z.txt": b"behind it"})
    try:
        records, _ = read_all(open_source(tmp_path))
    finally:
        subprocess.run(["rm", "-r", tmp_path / "d"], check=True)  # Python's rmtree, with which pytest tidies, cannot
    assert [record.id for record in records] == ["z.txt"]


def test_a_folder_that_may_not_be_opened(tmp_path, read_all, monkeypatch):
    write(tmp_path, {"a/secret.txt": b"x", "b.txt": b"b"})
    scandir = os.scandir

    def guarded(path):
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)  # tests may run as root, whom nothing is forbidden
    records, refused = read_all(open_source(tmp_path))
    assert [record.id for record in records] == ["b.txt"]
    assert "Permission denied" in refused["a/"]


def test_listing_reads_no_picture(tmp_path):
    write(tmp_path, {"a.png": PNG})
    (entry,) = FolderSource(tmp_path).entries()
    (tmp_path / "a.png").unlink()
    assert isinstance(entry, Entry)
    with pytest.raises(LycheeError, match=r"no file `a\.png`"):
        entry.read()


def test_limits_are_kept(tmp_path, read_all):
    write(tmp_path, {"a.png": PNG})
    _, refused = read_all(open_source(tmp_path, ImageLimits(max_bytes=10)))
    assert "at most 10" in refused["a.png"]


@pytest.mark.timeout(60)
def test_the_hostile_folder(tmp_path, read_all):
    expected = make_hostile_folder(tmp_path / "hostile", count=300)
    source = open_source(tmp_path / "hostile")

    good, refused = set(), {}
    for record in (records_and_refusals := read_all(source))[0]:
        try:
            if callable(record.image):
                record.image()
            elif record.image is not None:
                decode(record.image)
            good.add(record.id)
        except LycheeError as error:
            refused[record.id] = error.message
    refused |= records_and_refusals[1]

    assert good == expected.good
    assert set(refused) == set(expected.bad)
    for origin, reason in expected.bad.items():
        assert reason in refused[origin], origin
    assert source.count() == len(good) + len(refused) == 300
