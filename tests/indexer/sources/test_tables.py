"""JSONL, CSV and Parquet tables, good and bad."""

import base64
import json
import tracemalloc

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.pictures import encoded, picture

from content.errors import InvalidInput
from indexer.sources import jsonl, open_source

PNG = encoded(picture(), "PNG")
CODED = base64.b64encode(PNG).decode()


def lines(*rows):
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


IMAGE_CELLS = ("pictures/图.png", "data:image/png;base64," + CODED, CODED)


def test_all_formats_give_the_same_records(table, read_all):
    rows = [
        {"id": "a", "text": "red 杯子", "image": cell, "price": 1.5, "stock": 3, "new": True, "note": "two\nlines"}
        for cell in IMAGE_CELLS
    ]
    for number, row in enumerate(rows):
        row["id"] = f"item {number}"
    csv_text = "id,text,image,price,stock,new,note\r\n" + "".join(
        f'{row["id"]},{row["text"]},"{row["image"]}",1.5,3,true,"two\nlines"\r\n' for row in rows
    )
    results = [
        read_all(table("a.jsonl", lines(*rows))),
        read_all(table("a.csv", csv_text)),
        read_all(table("a.parquet", pa.Table.from_pylist(rows))),
    ]
    for records, refused in results:
        assert refused == {}
        assert [record.id for record in records] == ["item 0", "item 1", "item 2"]
        assert all(record.image == PNG for record in records)
        assert all(record.text == "red 杯子" for record in records)
        assert records[0].metadata == {"price": 1.5, "stock": 3, "new": True, "note": "two\nlines"}
    digests = [[record.digest for record in records] for records, _ in results]
    assert digests[0] == digests[1] == digests[2]
    assert len(set(digests[0])) == 1  # however the picture was named, it is the same content


def test_bad_lines_are_named_and_the_rest_goes_on(table, read_all):
    source = table(
        "a.jsonl",
        "\ufeff"
        + "\n".join(
            [
                '{"id": "first", "text": "a"}',
                "not json",
                "",
                '["a", "list"]',
                '{"id": "half", "text": "half \\ud83d"}',
                '{"text": "  ", "image": ""}',
                '{"id": "first", "text": "again"}',
                '{"id": ["x"], "text": "b"}',
                '{"id": true, "text": "b"}',
                '{"text": 3}',
                '{"id": "deep", "text": "b", "m": ' + "[" * 100 + "]" * 100 + "}",
                '{"id": "deeper", "text": "b", "m": ' + "[" * 9000 + "]" * 9000 + "}",
                '{"id": "digits", "text": "b", "m": ' + "9" * 9000 + "}",
                '{"id": "a\\nb", "text": "b"}',
                '{"id": 7, "text": "last", "x": NaN, "y": null}',
            ]
        ),
    )
    records, refused = read_all(source)
    assert [(record.id, record.text, record.metadata) for record in records] == [("first", "a", {}), ("7", "last", {})]
    assert {origin.removeprefix("a.jsonl:") for origin in refused} == {str(n) for n in (2, *range(4, 15))}
    assert "not valid JSON" in refused["a.jsonl:2"]
    assert "used before, in a.jsonl:1" in refused["a.jsonl:7"]
    assert "neither a text nor an image" in refused["a.jsonl:6"]


def test_bytes_that_are_not_utf8_refuse_their_line(table, read_all):
    records, refused = read_all(table("a.jsonl", b'{"id":1,"text":"a"}\n{"id":2,"text":"\xff"}\n{"id":3,"text":"c"}'))
    assert [record.id for record in records] == ["1", "3"]
    assert "UTF-8" in refused["a.jsonl:2"]


def test_a_line_that_never_ends_is_passed_over(table, read_all, monkeypatch):
    monkeypatch.setattr(jsonl, "MAX_LINE_BYTES", 100)
    monkeypatch.setattr(jsonl, "_BLOCK", 64)
    source = table("a.jsonl", lines({"id": 1, "text": "a"}, {"id": 2, "text": "b" * 1000}, {"id": 3, "text": "c"}))
    records, refused = read_all(source)
    assert [record.id for record in records] == ["1", "3"]
    assert "longer than 100 bytes" in refused["a.jsonl:2"]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("../secret.png", "leads out of the folder"),
        ("/etc/hostname", "leads out of the folder"),
        ("pictures/missing.png", "no file"),
        ("pictures", "not a regular file"),
        ("http://127.0.0.1/a.png", "URL"),
        ("data:image/png;base64,!!!", "base64"),
        (3, "`image` must be"),
        ([1, 2], "`image` must be"),
    ],
)
def test_pictures_that_cannot_be_had(cell, reason, table, tmp_path, read_all):
    (tmp_path.parent / "secret.png").write_bytes(PNG)
    records, refused = read_all(table("a.jsonl", lines({"id": 1, "image": cell}, {"id": 2, "text": "b"})))
    assert [record.id for record in records] == ["2"]
    assert reason in refused["a.jsonl:1"]


def test_ids_that_are_not_given_depend_on_the_row_alone(table, read_all):
    one, two, three = {"text": "one"}, {"text": "two", "n": 1}, {"image": "pictures/图.png"}
    records, _ = read_all(table("a.jsonl", lines(one, two, three)))
    ids = {record.text: record.id for record in records}
    assert len(set(ids.values())) == 3

    moved, refused = read_all(table("b.jsonl", lines({"text": "new"}, three, two, {**one, "id": None}, one)))
    assert {record.text: record.id for record in moved if record.text != "new"} == ids
    assert "used before, in b.jsonl:4" in refused["b.jsonl:5"]  # the very same row again


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.csv", "", "columns are: none"),
        ("a.csv", "name,price\nmug,3\n", "columns are: name, price"),
        ("a.csv", "text,text\na,b\n", "two columns called `text`"),
        ("a.parquet", b"PAR1 no", "not a readable Parquet"),
        ("a.parquet", b"", "not a readable Parquet"),
        ("a.parquet", pa.table({"name": ["mug"]}), "columns are: name"),
    ],
)
def test_tables_without_meaning_are_refused_at_once(name, data, reason, table):
    with pytest.raises(InvalidInput, match=reason):
        table(name, data)


def test_counts(table):
    assert table("a.jsonl", lines({"text": "a"}, {"text": "b"})).count() == 2
    assert table("a.csv", 'text\n"a\nb"\nc\n').count() == 2
    assert table("a.parquet", pa.table({"text": ["a", "b", "c"]})).count() == 3


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\n\n \n"])
def test_the_count_is_that_of_the_entries_however_the_file_ends(ending, table):
    rows = '{"text": "a"}', "no JSON", "", '{"text": "b"}'
    source = table("a.jsonl", "\n".join(rows) + ending)
    assert source.count() == len(list(source.entries())) == 3

    source = table("b.csv", "text\na\nb,c\n\nd" + ending.replace(" ", ""))
    assert source.count() == len(list(source.entries())) == 3


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_tables_are_streamed(name, tmp_path):
    """40 MB of rows pass through a few."""
    path, row = tmp_path / name, "x" * 20_000
    if name == "a.parquet":
        schema = pa.schema({"id": pa.int64(), "text": pa.string()})
        with pq.ParquetWriter(path, schema, use_dictionary=False) as writer:
            for start in range(0, 2000, 100):
                ids = list(range(start, start + 100))
                writer.write_table(pa.table({"id": ids, "text": [f"{i}{row}" for i in ids]}, schema))
    else:
        with path.open("w") as file:
            file.write("id,text\n" if name == "a.csv" else "")
            for i in range(2000):
                file.write(f"{i},{row}\n" if name == "a.csv" else json.dumps({"id": i, "text": row}) + "\n")
    tracemalloc.start()
    try:
        count = sum(entry.read().text is not None for entry in open_source(path).entries())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 2000
    assert peak < 10_000_000
    assert pa.default_memory_pool().max_memory() < 500_000_000
