import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.encoded import EncodedItem
from indexer.store.fields import Kind, put_fields
from indexer.store.items import ItemStore, StoreInfo
from indexer.store.moment import moment

VALUES = st.sampled_from([None, True, 0, 1, 1.0, -0.0, 0.5, 2**63, "a", "2024-01-01", "b"])
METADATA = st.dictionaries(st.sampled_from("xyz"), VALUES | st.lists(VALUES, max_size=3), max_size=3)
WRITES = st.lists(st.tuples(st.sampled_from("abc"), st.none() | METADATA | METADATA), max_size=8)


@contextmanager
def new_store() -> Iterator[tuple[ItemStore, sqlite3.Connection]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "items.sqlite"
        ItemStore.create(path, StoreInfo("toy", "f", 2, 0.0))
        with closing(ItemStore.open(path)) as store, closing(sqlite3.connect(path)) as connection:
            yield store, connection


def item(item_id, metadata):
    return EncodedItem(item_id, "text", None, b"0" * 32, {"text": np.ones((1, 2), np.float32)}, metadata)


def rows(connection):
    """id, field, kind, value and its type, of all that is kept."""
    return connection.execute(
        "SELECT id, name, kind, value, typeof(value) FROM fields LEFT JOIN items ON items.number = item "
        "LEFT JOIN field_names ON field_names.number = field ORDER BY 1, 2, 3, 4"
    ).fetchall()


@settings(max_examples=20, deadline=None)
@given(WRITES)
def test_the_rows_are_those_of_what_is_stored_now(writes):
    with new_store() as (store, kept), new_store() as (fresh, expected):
        for item_id, metadata in writes:
            with store.transaction() as transaction:
                transaction.delete([item_id]) if metadata is None else transaction.upsert([item(item_id, metadata)])
        now = {item_id: metadata for item_id, metadata in dict(writes).items() if metadata is not None}
        with fresh.transaction() as transaction:
            transaction.upsert([item(item_id, metadata) for item_id, metadata in now.items()])
        assert rows(kept) == rows(expected)
        with store.transaction() as transaction:
            transaction.delete(list("abc"))
        assert rows(kept) == []


def test_what_is_kept_of_each_value():
    with new_store() as (store, connection):
        metadata = {"n": 1.5, "s": "a", "b": True, "none": None, "day": "1970-01-02", "list": [3, 3, "1970-01-01"]}
        with store.transaction() as transaction:
            transaction.upsert([item("a", metadata)])
        assert [row[1:4] for row in rows(connection)] == [
            ("b", Kind.BOOLEAN, 1),
            ("day", Kind.STRING, "1970-01-02"),
            ("day", Kind.MOMENT, 86400),
            ("list", -Kind.MOMENT, 0),
            ("list", -Kind.STRING, "1970-01-01"),
            ("list", -Kind.NUMBER, 3),
            ("list", Kind.LIST, 0),
            ("n", Kind.NUMBER, 1.5),
            ("none", Kind.NULL, 0),
            ("s", Kind.STRING, "a"),
        ]


def test_what_format_1_took_and_no_row_can_hold_is_passed_over():
    old = {"object": {"a": 1}, "lists": [[1], 2, {}], "large": 10**400, "n": 1}
    with new_store() as (_, connection):
        put_fields(connection, 1, old)
        assert [row[1:4] for row in rows(connection)] == [
            ("lists", -Kind.NUMBER, 2),
            ("lists", Kind.LIST, 0),
            ("n", Kind.NUMBER, 1),
        ]


def test_equal_numbers_are_kept_in_one_form():
    """Else a row would depend on what was stored before, and a check of them would find fault."""
    with new_store() as (store, connection):
        for number in (1, 1.0, True, 1.0, 1):
            with store.transaction() as transaction:
                transaction.upsert([item("a", {"n": number})])
            kind = Kind.BOOLEAN if number is True else Kind.NUMBER
            assert rows(connection) == [("a", "n", kind, 1, "integer")]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01", 0),
        ("1970-01-02T00:00", 86400),
        ("1970-01-01 00:00:01Z", 1),
        ("1970-01-01T00:00:00.25", 0.25),
        ("1969-12-31T23:59:59.999999999+00", -0.000001),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-01T01:00:00+0130", -1800),
        ("1970-01-01T00:00:00-08", 28800),
        ("2024-02-29", 1709164800),
        ("0001-01-01T00:00:00+23:59", -62135683140),
        ("9999-12-31T23:59:59-23:59", 253402387139),
    ],
)
def test_moments(text, seconds):
    assert moment(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "", "2024", "2024-01", "20240101", "2024-1-1", "2023-02-29", "2024-13-01", "2024-W01-1", "2024-01-01T",
        "2024-01-01T24:00", "2024-01-01T10:61", "2024-01-01T10", "2024-01-01T10:00:60", "2024-01-01T10:00+24:00",
        " 2024-01-01", "0000-01-01", "2024-01-01T10:00+01:60", "2024-01-01\n", "２０２４-01-01", "2024-01-01T10:00:00.",
        "2024-01-01T10:00 CET",
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_moment(text):
    assert moment(text) is None
