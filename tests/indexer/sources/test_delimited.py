"""CSV and its relatives: delimiters, encodings, cells and rows that do not fit."""

import base64

import pytest
from support.pictures import encoded, picture


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
