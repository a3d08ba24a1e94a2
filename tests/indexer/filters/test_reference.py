import string

from hypothesis import event, given, settings
from hypothesis import strategies as st
from support.plain_filter import passes
from support.stored_metadata import StoredMetadata

FIELDS = ["a", "maker.name", "x'); DROP TABLE fields; --"]
NUMBERS = [
    0,
    1,
    -1,
    2,
    0.0,
    -0.0,
    1.0,
    1.5,
    2**53,
    2**53 + 1,
    2.0**53,
    2**63 - 1,
    2**63,
    2.0**63,
    -(2**63),
    10**30,
    1e308,
]
DATES = [
    "2024-01-01", "2024-01-01T00:00", "2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00", "2024-01-01 12:30",
    "2023-12-31T23:59:59.500000-00:30", "2023-12-31T23:59:59.5+0000", "0001-01-01", "9999-12-31T23:59:59.999999",
]  # fmt: skip
STRINGS = [
    "",
    "a",
    "A",
    "ab",
    "bA",
    "é",
    "É",
    "1",
    "true",
    "%",
    "_",
    "\\",
    "'",
    '"',
    "红色",
    "🙂",
    "20240101",
    "2024-02-30",
]
ODD = st.text(string.printable + "äÄßİı红色🙂", max_size=4) | st.integers(-(2**65), 2**65) | st.floats(-1e308, 1e308)
FEW = st.sampled_from([None, True, False, 0, 1, 1.0, 2, "a", "A", "ab", DATES[0], DATES[2], DATES[4]])
SCALARS = FEW | FEW | st.sampled_from([*NUMBERS, *STRINGS, *DATES]) | ODD
COMPARABLE = [value for value in (*NUMBERS, *STRINGS, *DATES) if value != "2024-02-30"]  # no day that there is
ORDERED = st.sampled_from([0, 1, 2, "a", DATES[0], DATES[4]]) | st.sampled_from(COMPARABLE) | ODD
METADATA = st.dictionaries(st.sampled_from(FIELDS), SCALARS | st.lists(SCALARS, max_size=3), min_size=1, max_size=2)
OPERANDS = {
    **dict.fromkeys(("$lt", "$lte", "$gt", "$gte"), ORDERED),
    **dict.fromkeys(("$eq", "$ne", "$contains"), SCALARS),
    **dict.fromkeys(("$in", "$nin"), st.lists(SCALARS, max_size=4)),
    "$exists": st.booleans(),
}
ONE_OR_TWO_OPERATORS = st.lists(st.sampled_from([*OPERANDS, "$not"]), min_size=1, max_size=2, unique=True)
ONE_OR_TWO_FIELDS = st.lists(st.sampled_from(FIELDS), min_size=1, max_size=2, unique=True)
JOINED = st.sampled_from([None, None, "$and", "$or", "$nor", "$not"])


# Composite, as the names of such strategies are short where a failure is explained.
@st.composite
def collections(draw):
    return draw(st.lists(METADATA, min_size=3, max_size=8))


@st.composite
def conditions(draw, deeper=2):
    """An object of operators for one field."""
    chosen = draw(ONE_OR_TWO_OPERATORS)
    if not deeper:
        chosen = ["$ne" if operator == "$not" else operator for operator in chosen]
    return {operator: draw(conditions(deeper - 1) if operator == "$not" else OPERANDS[operator]) for operator in chosen}


@st.composite
def filters(draw, deeper=3):
    joined = draw(JOINED) if deeper else None
    if joined is None:
        return {
            field: draw(conditions()) if draw(st.booleans()) else draw(SCALARS) for field in draw(ONE_OR_TWO_FIELDS)
        }
    if joined == "$not":
        return {joined: draw(filters(deeper - 1))}
    return {joined: [draw(filters(deeper - 1)) for _ in range(draw(st.integers(1, 3)))]}


@settings(max_examples=150, deadline=None)
@given(collections(), st.lists(filters(), min_size=3, max_size=8), st.sets(st.integers(1, 8), max_size=3))
def test_sql_finds_what_plain_python_does(items, wanted, gone):
    stored = StoredMetadata(*items)
    for number in gone:
        if number <= len(items):
            stored.delete(number)
    for one in wanted:
        there = [number for number in range(1, len(items) + 1) if number not in gone]
        expected = [number for number in there if passes(items[number - 1], one)]
        event("some but not all" if 0 < len(expected) < len(there) else "none or all")
        assert stored.matching(one) == expected


@settings(max_examples=300, deadline=None)
@given(ORDERED, SCALARS)
def test_an_order_and_its_equality_agree(operand, value):
    stored = StoredMetadata({"x": value})
    found = {
        operator: bool(stored.matching({"x": {operator: operand}}))
        for operator in ("$lt", "$lte", "$gt", "$gte", "$eq")
    }
    assert found["$eq"] == (found["$lte"] and found["$gte"])
    assert found["$lte"] == (found["$lt"] or found["$eq"])
    assert found["$gte"] == (found["$gt"] or found["$eq"])
    assert not (found["$lt"] and found["$gt"])
