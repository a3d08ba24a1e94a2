"""Parquet: types, pictures in cells, damage."""

import base64
import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
from support.pictures import encoded, picture

from indexer.sources import open_source

PNG = encoded(picture(), "PNG")
CODED = base64.b64encode(PNG).decode()


def test_parquet_types(table, read_all):
    data = pa.table(
        {
            "id": pa.array([1.0, 2.0, None]),
            "text": ["a", "b", "c"],
            "whole": pa.array([1, 2, None], pa.int64()),
            "real": [float("nan"), 1.5, float("nan")],
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


def test_infinity_is_refused_and_not_left_out(table, read_all):
    records, refused = read_all(table("a.parquet", pa.table({"text": ["a", "b"], "price": [1.5, float("inf")]})))
    assert [record.text for record in records] == ["a"]
    assert "infinity" in refused["a.parquet row 2"]
