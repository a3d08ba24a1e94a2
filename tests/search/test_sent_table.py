"""Tables that somebody sent: their rows are documents, and none of them makes this machine read its own files."""

import base64
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.pictures import encoded, picture

from content import Unreadable
from content.errors import InvalidInput, NotFound
from search.intake import Given
from search.sent_table import sent_rows

PNG = encoded(picture(), "PNG")
CODED = base64.b64encode(PNG).decode()


def written(folder: Path, name: str, rows: list[dict]) -> Path:
    path = folder / name
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return path


def test_rows_are_documents_in_their_order_with_id_and_metadata(tmp_path):
    (tmp_path / "a.tsv").write_text("id\ttext\tprice\n红\tred mug\t3\n\tblue bag\t\n", "utf-8")
    first, second = sent_rows(tmp_path / "a.tsv")
    assert (first.origin, first.id, first.source, first.metadata) == ("a.tsv:2", "红", Given("red mug"), {"price": 3})
    assert (second.origin, second.id, second.source, second.metadata) == ("a.tsv:3", "", Given("blue bag"), {})


@pytest.mark.parametrize(
    ("cell", "image"),
    [
        (f"data:image/png;base64,{CODED}", f"data:image/png;base64,{CODED}"),
        (CODED, CODED),
        ("https://example.org/a.png", "https://example.org/a.png"),
        ({"bytes": PNG, "path": "/etc/passwd"}, PNG),
        (PNG, PNG),
    ],
)
def test_a_picture_that_stands_in_the_table_is_given_as_it_is(tmp_path, cell, image):
    (row,) = sent_rows(written(tmp_path, "a.parquet", [{"image": cell}]))
    assert row.source == Given(None, image)


@pytest.mark.parametrize(
    "cell",
    [
        *("/etc/passwd", "../x.png", "x.png", "~/x.png", "file:///etc/passwd", "FILE:///etc/passwd", "C:\\x.png"),
        *("\\\\host\\share\\x.png", "ftp://example.org/x.png", "pictures/图.png", "/proc/self/environ\x00.png"),
        {"path": "/etc/passwd"},
        {"bytes": None, "path": "x.png"},
        {"bytes": {"path": "x.png"}},
    ],
)
def test_a_picture_that_a_row_names_by_path_is_refused_whether_there_is_such_a_file_or_not(tmp_path, cell):
    (tmp_path / "x.png").write_bytes(PNG)
    good = {"text": "good"}
    first, bad, last = sent_rows(written(tmp_path, "a.jsonl", [good, {"text": "bad", "image": cell}, good]))
    assert isinstance(bad.source, Unreadable)
    assert "data URI, base64 or bytes" in bad.source.reason
    assert str(tmp_path) not in bad.source.reason
    assert first.source == last.source == Given("good")


def test_rows_that_are_none_have_a_reason_and_the_others_go_on(tmp_path):
    deep = '{"image": ' + '{"bytes": ' * 700 + "1" + "}" * 701
    (tmp_path / "a.jsonl").write_text(f'nonsense\n{{"text": 5}}\n{deep}\n{{"text": "good"}}\n')
    *bad, good = sent_rows(tmp_path / "a.jsonl")
    assert [type(row.source) for row in bad] == [Unreadable] * 3
    assert good.source == Given("good")


def test_a_file_that_is_no_such_table_is_refused(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1 not at all PAR1")
    (tmp_path / "a.csv").write_text("name,price\nmug,3\n")
    for name in ("a.parquet", "a.csv"):
        with pytest.raises(InvalidInput, match=name):
            list(sent_rows(tmp_path / name))
    for name in ("gone.csv", "gone.jsonl", "gone.parquet"):
        with pytest.raises(NotFound, match="add it again"):
            list(sent_rows(tmp_path / name))
