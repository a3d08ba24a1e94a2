"""What a path is taken for."""

import pytest
from support.pdfs import text_pdf
from support.pictures import EXTENSIONS, FORMATS, encoded, picture

from content.errors import InvalidInput, NotFound
from indexer.sources import open_source


def test_single_files(tmp_path, read_all):
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "b.pdf").write_bytes(text_pdf(["page"]))
    for name in FORMATS:
        (tmp_path / f"c{EXTENSIONS[name]}").write_bytes(encoded(picture(), name))
    expected = {"a.txt": "a.txt", "b.pdf": "b.pdf#page=1", **{f"c{end}": f"c{end}" for end in EXTENSIONS.values()}}
    for name, item_id in expected.items():
        source = open_source(tmp_path / name)
        records, refused = read_all(source)
        assert ([record.id for record in records], refused) == ([item_id], {})
        assert source.count() == 1


def test_a_single_file_may_be_a_link(tmp_path, read_all):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("text")
    (tmp_path / "link.txt").symlink_to("real/a.txt")
    (record,), _ = read_all(open_source(tmp_path / "link.txt"))
    assert (record.id, record.text) == ("link.txt", "text")


def test_what_is_no_source(tmp_path):
    (tmp_path / "a.7z").touch()
    (tmp_path / "a.json").touch()
    for name in ("a.7z", "a.json"):
        with pytest.raises(InvalidInput, match=r"\.jsonl"):
            open_source(tmp_path / name)
    for name in ("nowhere", "nowhere.csv"):
        with pytest.raises(NotFound, match="nowhere"):
            open_source(tmp_path / name)
    with pytest.raises((InvalidInput, NotFound)):
        open_source("a\0b")
    with pytest.raises((InvalidInput, NotFound)):
        open_source("x" * 5000)
