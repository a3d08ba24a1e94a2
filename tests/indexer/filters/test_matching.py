import numpy as np
import pytest
from support.stored_metadata import StoredMetadata

from indexer.filters import matching_items, parse_filter

SHOES = StoredMetadata(
    {"name": "Trail shoe", "price": 89.5, "brand": "Alpha", "in_stock": True, "tags": ["new", "red"]},  # 1
    {"name": "trail SOCK", "price": 12, "brand": "Beta", "in_stock": False, "tags": []},  # 2
    {"name": "Sandale für Kinder", "price": "on request", "brand": None, "tags": ["red", "NEW"]},  # 3
    {"name": "跑步鞋", "price": 500, "brand": ["Alpha", "Gamma"], "in_stock": 1, "maker.name": "x"},  # 4
    {"name": "gone", "price": 1, "brand": "Alpha", "tags": ["new"]},  # 5
    {},  # 6
)
SHOES.delete(5)

DATES = StoredMetadata(
    {"day": "2024-01-01"},  # 1
    {"day": "2024-01-01T09:30:00+09:00"},  # 2: half past midnight in London
    {"day": "2023-12-31 23:59:59.5"},  # 3
    {"day": "2024-05-01T12:00:00Z"},  # 4
    {"day": "2024-02-30"},  # 5: no day
    {"day": "soon"},  # 6
    {"day": ["2020-01-01", "2024-06-01"]},  # 7
    {"day": 1704067200},  # 8: the seconds of 2024-01-01, but a number
)


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({"price": 12}, [2]),
        ({"price": 12.0}, [2]),
        ({"price": "12"}, []),
        ({"in_stock": True}, [1]),
        ({"in_stock": 1}, [4]),
        ({"in_stock": {"$in": [True, False]}}, [1, 2]),
        ({"brand": "Alpha"}, [1, 4]),
        ({"brand": "alpha"}, []),
        ({"brand": None}, [3, 6]),
        ({"brand": {"$ne": "Alpha"}}, [2, 3, 6]),
        ({"brand": {"$ne": None}}, [1, 2, 4]),
        ({"brand": {"$in": ["Beta", "Gamma"]}}, [2, 4]),
        ({"brand": {"$in": ["Beta", None]}}, [2, 3, 6]),
        ({"brand": {"$in": []}}, []),
        ({"brand": {"$nin": ["Beta", "Gamma"]}}, [1, 3, 6]),
        ({"brand": {"$nin": []}}, [1, 2, 3, 4, 6]),
        ({"brand": {"$exists": True}}, [1, 2, 3, 4]),
        ({"brand": {"$exists": False}}, [6]),
        ({"tags": {"$exists": True}}, [1, 2, 3]),
        ({"price": {"$lt": 100}}, [1, 2]),
        ({"price": {"$gt": 12, "$lte": 500}}, [1, 4]),
        ({"price": {"$not": {"$lt": 100}}}, [3, 4, 6]),
        ({"price": {"$gte": "a"}}, [3]),
        ({"brand": {"$gt": "Alpha", "$lt": "Gamma"}}, [2, 4]),  # 4: one element on either side
        ({"tags": "red"}, [1, 3]),
        ({"tags": {"$contains": "new"}}, [1]),
        ({"tags": {"$contains": "ne"}}, []),
        ({"name": {"$contains": "TRAIL s"}}, [1, 2]),
        ({"name": {"$contains": "FÜR"}}, []),  # only ASCII letters have a case here
        ({"name": {"$contains": "für"}}, [3]),
        ({"name": {"$contains": "步"}}, [4]),
        ({"price": {"$contains": 12}}, []),
        ({"name": {"$contains": "%"}}, []),
        ({"maker.name": "x"}, [4]),
        ({"no such field": 1}, []),
        ({"no such field": {"$ne": 1}}, [1, 2, 3, 4, 6]),
        ({"price": {"$lt": 100}, "in_stock": True}, [1]),
        ({"$and": [{"price": {"$gt": 1}}, {"price": {"$lt": 50}}]}, [2]),
        ({"$or": [{"price": 12}, {"price": 500}]}, [2, 4]),
        ({"$nor": [{"price": 12}, {"price": 500}]}, [1, 3, 6]),
        ({"$not": {"price": 12, "brand": "Beta"}}, [1, 3, 4, 6]),
        ({"$or": [{"tags": "red", "price": {"$lt": 100}}, {"name": {"$exists": False}}]}, [1, 6]),
    ],
    ids=str,
)
def test_what_the_operators_find(wanted, numbers):
    assert SHOES.matching(wanted) == numbers


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({"day": {"$gte": "2024-01-01"}}, [1, 2, 4, 7]),
        ({"day": {"$lt": "2024-01-01"}}, [3, 7]),
        ({"day": {"$gte": "2024-01-01", "$lt": "2024-01-02"}}, [1, 2, 7]),  # 7: one element on either side
        ({"day": {"$gt": "2024-05-01T13:59:59+02:00"}}, [4, 7]),
        ({"day": "2024-01-01T00:00:00Z"}, [1]),
        ({"day": {"$in": ["2024-01-01T00:30", "2024-06-01T00:00Z"]}}, [2, 7]),
        ({"day": {"$contains": "2024-06-01 00:00"}}, [7]),
        ({"day": {"$contains": "2024-0"}}, [1, 2, 4, 5]),
        ({"day": {"$lt": "a"}}, [1, 2, 3, 4, 5, 7]),  # as strings, for the operand is no date
        ({"day": "2024-02-30"}, [5]),
        ({"day": {"$gte": 0}}, [8]),
    ],
    ids=str,
)
def test_dates_are_compared_as_moments(wanted, numbers):
    assert DATES.matching(wanted) == numbers


@pytest.mark.parametrize(
    "text", ["'", '"', "') OR 1=1; --", "?", ":a", "%", "_", "\\", " $1", "日本'語", "🙂", "a\nb", " "]
)
def test_names_and_values_are_never_read_as_sql(text):
    stored = StoredMetadata({text: text}, {text: [text]}, {"x": "x"})
    assert stored.matching({text: text}) == [1, 2]
    assert stored.matching({text: {"$ne": text}}) == [3]
    assert stored.matching({text: {"$contains": text}}) == [1, 2]
    assert stored.matching({text: {"$gte": text}}) == [1, 2]
    assert stored.matching({"x": {"$contains": text}}) == []


def test_between_two_sides_lies_one_value_or_an_element_for_each():
    stored = StoredMetadata(
        {"n": 3}, {"n": 10}, {"n": 0}, {"n": [0, 10]}, {"n": [10]}, {"n": [0]}, {"n": []}, {"n": [3]}
    )
    assert stored.matching({"n": {"$gt": 1, "$lt": 5}}) == [1, 4, 8]
    assert stored.matching({"$and": [{"n": {"$gt": 1}}, {"n": {"$lt": 5}}]}) == [1, 4, 8]
    assert stored.matching({"n": {"$gt": 1, "$lt": 5, "$lte": 0}}) == [4]
    assert stored.matching({"n": {"$gt": 1, "$lt": "a"}}) == []


def test_whole_numbers_are_compared_exactly_up_to_64_bits():
    stored = StoredMetadata({"n": 2**53}, {"n": 2**53 + 1}, {"n": float(2**53)}, {"n": 2**63 - 1}, {"n": 10**30})
    assert stored.matching({"n": 2**53}) == [1, 3]
    assert stored.matching({"n": {"$gt": 2**53}}) == [2, 4, 5]
    assert stored.matching({"n": {"$gte": 2**63}}) == [5]
    assert stored.matching({"n": 1e30}) == [5]


def test_the_mask_has_a_place_for_every_number_that_was_ever_given():
    wanted = parse_filter({"x": {"$ne": 1}})
    assert matching_items(SHOES.connection, wanted, 9).tolist() == [False, *[True] * 4, False, True, *[False] * 3]
    assert matching_items(StoredMetadata().connection, wanted, 0).tolist() == [False]


def test_a_condition_is_answered_from_one_range_of_the_table():
    rng = np.random.default_rng(0)
    stored = StoredMetadata(*({"price": float(price), "tags": ["a", "b"]} for price in rng.uniform(0, 1, 50)))
    sent = []
    stored.connection.set_trace_callback(sent.append)
    for wanted in (
        {"price": {"$lt": 0.5}}, {"price": {"$gt": 0.2, "$lt": 0.5}}, {"tags": "a"}, {"tags": {"$contains": "a"}},
        {"price": {"$exists": True}}, {"price": {"$in": [1, "x", True]}},
    ):  # fmt: skip
        stored.matching(wanted)
    stored.connection.set_trace_callback(None)
    plans = [step for sql in sent for *_, step in stored.connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    reads = [step for step in plans if step.startswith(("SEARCH fields", "SCAN fields"))]
    assert len(reads) >= 6
    assert all(step.startswith("SEARCH fields USING PRIMARY KEY (field=? AND kind") for step in reads), reads
