"""Files that were sent: all that is good in them is indexed under their names, and then they are gone."""

import pytest
from support.pictures import encoded, picture
from support.zips import zip_bytes

from indexer.sources import SentFile, UploadSource
from indexer.sources.upload import safe_name

PNG = encoded(picture(), "PNG")


@pytest.fixture
def sent(tmp_path):
    """Files as an upload leaves them: each in a folder of its own."""

    def sent(*files):
        made = []
        for number, (name, data) in enumerate(files):
            folder = tmp_path / f"{len(list(tmp_path.iterdir()))}-{number}"
            folder.mkdir()
            (folder / "blob").write_bytes(data)
            made.append(SentFile(folder / "blob", name))
        return made

    return sent


def test_any_mixture(sent, tmp_path, read_all):
    below = tmp_path / "below"
    below.mkdir()
    files = sent(
        ("图.png", PNG),
        ("items.csv", b"id,image\nrow,named.png\n"),
        ("named.png", PNG),
        ("more.zip", zip_bytes({"in/b.txt": b"b", "c.exe": b"MZ"})),
        ("broken.zip", b"PK"),
        ("tool.exe", b"MZ"),
    )
    with UploadSource(files, below=below) as source:
        records, refused = read_all(source)
        assert source.count() == len(records) + len(refused)

    assert [record.id for record in records] == ["row", "图.png", "in/b.txt"]
    assert set(refused) == {"broken.zip", "tool.exe", "c.exe"}
    assert not any(file.path.exists() for file in files)
    assert list(below.iterdir()) == []


def test_the_same_files_sent_again_are_the_same_items(sent, read_all):
    files = (("a.png", PNG), ("b.txt", b"b"))
    (first, _), (second, _) = (read_all(UploadSource(sent(*files))) for _ in range(2))
    assert [(record.id, record.digest) for record in first] == [(record.id, record.digest) for record in second]


def test_a_second_file_of_one_name_and_one_that_is_gone(sent, read_all):
    files = sent(("a.txt", b"first"), ("a.txt", b"second"), ("gone.txt", b"x"))
    files[2].path.unlink()
    records, refused = read_all(UploadSource(files))
    assert [record.text for record in records] == ["first"]
    assert set(refused) == {"a.txt", "gone.txt"}


def test_a_link_is_not_followed(tmp_path, read_all):
    (tmp_path / "blob").symlink_to("/etc/hostname")
    records, refused = read_all(UploadSource([SentFile(tmp_path / "blob", "name.txt")]))
    assert (records, list(refused)) == ([], ["name.txt"])


@pytest.mark.parametrize("path", ["/etc/passwd", "../../etc/passwd", "inside-link.png"])
def test_a_table_that_was_sent_reads_nothing_of_this_machine(sent, tmp_path, read_all, path):
    (tmp_path / "inside-link.png").symlink_to("/etc/passwd")
    table = f'{{"id": "a", "image": "{path}"}}\n'.encode()
    records, refused = read_all(UploadSource(sent(("items.jsonl", table))))
    assert records == []
    (reason,) = refused.values()
    assert "lychee-upload" not in reason


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("图.png", "图.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\a.png", "a.png"),
        (".bashrc", "bashrc"),
        ("..", "file"),
        ("", "file"),
        ("a\0\n\x1b[31mb.png", "a[31mb.png"),
        ("x" * 300 + ".png", "x" * 196 + ".png"),
        ("荔" * 300 + ".png", "荔" * 65 + ".png"),
        ("x." + "y" * 300, "x." + "y" * 198),
    ],
)
def test_names_are_made_safe(name, safe):
    assert safe_name(name) == safe
