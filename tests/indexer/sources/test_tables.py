"""JSONL, CSV and Parquet tables, good and bad."""

import base64
import json
import random
import tracemalloc
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.pictures import encoded, picture

from content.errors import InvalidInput
from indexer.sources import jsonl, open_source

PNG = encoded(picture(), "PNG")
CODED = base64.b64encode(PNG).decode()


@pytest.fixture
def table(tmp_path):
    """Writes a table beside a picture, and opens it."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "图.png").write_bytes(PNG)

    def make(name, data):
        path = tmp_path / name
        if isinstance(data, pa.Table):
            pq.write_table(data, path, row_group_size=2)
        else:
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return open_source(path)

    return make


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


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_delimiters_and_encodings(delimiter, encoding, table, read_all):
    rows = [
        "id text a,b;c".replace(" ", delimiter).replace("a,b;c", '"a,b;c"'),
        f'1{delimiter}"红, 蓝; ""绿"""{delimiter}2',
    ]
    records, refused = read_all(table("a.csv", "\r\n".join(rows).encode(encoding)))
    assert refused == {}
    assert [(record.id, record.text, record.metadata) for record in records] == [("1", '红, 蓝; "绿"', {"a,b;c": 2})]


def test_a_csv_of_one_column(table, read_all):
    records, _ = read_all(table("a.csv", 'text\n"one, two"\ntwo\n'))
    assert [record.text for record in records] == ["one, two", "two"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1", 1),
        ("-12", -12),
        ("0", 0),
        ("1.50", 1.5),
        ("-0.25", -0.25),
        ("1e3", 1000.0),
        ("007", "007"),
        ("+49", "+49"),
        ("1,5", "1,5"),
        ("12345678901234567890", "12345678901234567890"),
        ("1e999", "1e999"),
        ("1 ", "1 "),
        ("٣", "٣"),
        ("True", True),
        ("FALSE", False),
        ("2024-05-01", "2024-05-01"),
        ("yes", "yes"),
        ("", None),
        ("NaN", None),
        ("NULL", None),
    ],
)
def test_csv_cells(cell, value, table, read_all):
    (record,), _ = read_all(table("a.csv", f'id,text,x\n1,a,"{cell}"\n'))
    assert record.metadata == ({} if value is None else {"x": value})
    assert type(record.metadata.get("x")) is type(value)


def test_csv_rows_that_do_not_fit(table, read_all):
    text = 'id,text,x\n1,"two\nlines",a\n2,b,c,d\n\n3,c\n4,"never closed\n'
    records, refused = read_all(table("a.csv", text))
    assert [record.id for record in records] == ["1", "3", "4"]
    assert refused == {"a.csv:4": "the row has 4 cells and the header has 3"}


def test_csv_with_huge_cells(table, read_all):
    large = base64.b64encode(encoded(picture(600, 600), "PNG")).decode()
    assert len(large) > 131_072  # the limit of the csv module
    records, refused = read_all(table("a.csv", f"id,image\n1,{large}\n"))
    assert refused == {}
    assert len(records[0].image) > 98_304


def test_csv_bytes_in_another_encoding_refuse_their_row(table, read_all):
    head = b"id,text\n" + b"".join(b"%d,%b\n" % (number, b"good" * 100) for number in range(3_000))
    records, refused = read_all(table("a.csv", head + b"x,caf\xe9\ny,good\n"))
    assert len(records) == 3_001
    assert list(refused) == ["a.csv:3002"]


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


def test_parquet_types(table, read_all):
    data = pa.table(
        {
            "id": pa.array([1.0, 2.0, None]),
            "text": ["a", "b", "c"],
            "whole": pa.array([1, 2, None], pa.int64()),
            "real": [float("nan"), 1.5, float("inf")],
            "exact": pa.array([Decimal("1.50"), None, None]),
            "flag": [True, False, None],
            "day": pa.array([date(2024, 5, 1), None, None]),
            "moment": pa.array([datetime(2024, 5, 1, 12, tzinfo=UTC), None, None], pa.timestamp("ns", "UTC")),
            "span": pa.array([timedelta(seconds=90), None, None]),
            "list": [["x", "y"], [], None],
            "struct": [{"a": 1, "b": None}, None, None],
            "map": pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int64())),
            "kind": pa.array(["x", "y", "x"]).dictionary_encode(),
            "binary": [b"\x00", b"", None],
        }
    )
    records, refused = read_all(table("a.parquet", data))
    assert refused == {}
    assert [record.id for record in records[:2]] == ["1", "2"]
    assert records[0].metadata == {
        "whole": 1,
        "exact": 1.5,
        "flag": True,
        "day": "2024-05-01",
        "moment": "2024-05-01T12:00:00+00:00",
        "span": 90.0,
        "list": ["x", "y"],
        "struct": {"a": 1, "b": None},
        "map": {"k": 1},
        "kind": "x",
    }
    assert records[2].metadata == {"kind": "x"}
    json.dumps([record.metadata for record in records], allow_nan=False)


def test_parquet_pictures(table, read_all):
    structs = [{"bytes": PNG, "path": "elsewhere.png"}, {"bytes": None, "path": "pictures/图.png"}, None]
    data = pa.table({"id": ["a", "b", "c"], "text": [None, None, "c"], "image": structs})
    records, refused = read_all(table("a.parquet", data))
    assert refused == {}
    assert [record.image for record in records] == [PNG, PNG, None]

    records, _ = read_all(table("b.parquet", pa.table({"id": ["a"], "image": [PNG]})))
    assert records[0].image == PNG


def test_a_parquet_file_damaged_in_the_middle(tmp_path, read_all):
    path = tmp_path / "a.parquet"
    noise = random.Random(0)
    texts = [noise.randbytes(200).hex() for _ in range(400)]
    data = pa.table({"id": [str(number) for number in range(400)], "text": texts})
    pq.write_table(data, path, row_group_size=100, compression="zstd", use_dictionary=False)
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 200] = bytes(200)
    path.write_bytes(whole)

    records, refused = read_all(open_source(path))

    assert 100 <= len(records) < 400
    (origin,) = refused
    assert origin == f"a.parquet from row {len(records) + 1}"
    assert "damaged" in refused[origin]


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
