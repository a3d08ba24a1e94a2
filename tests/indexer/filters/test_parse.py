import math
from datetime import date

import pytest

from content.errors import InvalidInput
from indexer.filters import parse_filter


def nested(depth):
    wanted = {"a": 1}
    for _ in range(depth - 1):
        wanted = {"$not": wanted}
    return wanted


@pytest.mark.parametrize("nothing", [None, {}], ids=str)
def test_no_filter(nothing):
    assert parse_filter(nothing) is None


@pytest.mark.parametrize(
    ("wanted", "param", "said"),
    [
        ([], "filter", 'an object such as {"price": {"$lt": 500}}, not a list'),
        ("price < 5", "filter", "not a string"),
        ({"price": {"$less": 5}}, "filter.price.$less", "there is no operator `$less` (did you mean `$lte`?)"),
        ({"price": {"$LT": 5}}, "filter.price.$LT", "did you mean `$lt`?"),
        ({"price": {"lt": 5}}, "filter.price.lt", "did you mean `$lt`?"),
        ({"price": {"$regex": "x"}}, "filter.price.$regex", "only $eq, $ne, $lt"),
        ({"maker": {"name": "x"}}, "filter.maker.name", "fields such as `maker.name`"),
        ({"$lt": 5}, "filter.$lt", '`$lt` stands inside a field: {"price": {"$lt": ...}}'),
        ({"$xor": []}, "filter.$xor", "(did you mean `$or`?), only $and, $or, $nor, $not and fields"),
        ({"price": {"$or": [1, 2]}}, "filter.price.$or", "stands outside of fields"),
        ({"price": {}}, "filter.price", 'an object of operators such as {"$lt": 500}, not an empty one'),
        ({"price": {"$lt": True}}, "filter.price.$lt", "a number or a string (a date is one"),
        ({"price": {"$lt": None}}, "filter.price.$lt", "not null"),
        ({"price": {"$gte": [1]}}, "filter.price.$gte", "not a list"),
        ({"price": {"$lt": math.nan}}, "filter.price.$lt", "finite numbers"),
        ({"price": math.inf}, "filter.price", "finite numbers"),
        ({"price": 10**400}, "filter.price", "finite numbers"),
        ({"tags": ["a"]}, "filter.tags", "$in takes a list, and $contains"),
        ({"tags": {"$ne": ["a"]}}, "filter.tags.$ne", "$in takes a list"),
        ({"tags": {"$in": "a"}}, "filter.tags.$in", "a list of values, and this is a string"),
        ({"tags": {"$in": ["a", ["b"]]}}, "filter.tags.$in[1]", "this is a list"),
        ({"tags": {"$nin": [{"a": 1}]}}, "filter.tags.$nin[0]", "not an object"),
        ({"tags": {"$contains": {"a": 1}}}, "filter.tags.$contains", "not an object"),
        ({"tags": {"$exists": 1}}, "filter.tags.$exists", "true or false, not a number"),
        ({"tags": {"$not": "a"}}, "filter.tags.$not", "not a string"),
        ({"day": date(2024, 5, 1)}, "filter.day", "a Python object (date)"),
        ({"day": {"$lt": "2024-02-30"}}, "filter.day.$lt", "no day or time that there is: 2024-02-30"),
        ({"day": {"$lt": "2024-01-01T25:00"}}, "filter.day.$lt", "no day or time"),
        ({"$or": []}, "filter.$or", "a list of one or more filters, not an empty one"),
        ({"$and": {"a": 1}}, "filter.$and", "a list of one or more filters, not an object"),
        ({"$or": [{"a": 1}, {}]}, "filter.$or[1]", "not an empty one"),
        ({"$or": [{"a": 1}, {"b": {"$gt": False}}]}, "filter.$or[1].b.$gt", "not false"),
        ({"$not": [{"a": 1}]}, "filter.$not", "not a list"),
        ({3: "a"}, "filter", "a key that is no string: 3"),
        ({"a": "\ud800"}, "filter.a", "lone surrogate"),
        ({"\ud800": 1}, "filter.?", "lone surrogate"),
        ({"a": "x" * 10_001}, "filter.a", "at most 10000 characters, not 10001"),
        ({"a": {"$in": list(range(1001))}}, "filter.a.$in", "at most 1000 values, not 1001"),
        (nested(17), "filter", "at most 16 deep"),
        ({"$and": [{"a": {"$gt": i, "$lt": i + 2}} for i in range(129)]}, "filter", "at most 256 conditions"),
    ],
    ids=lambda value: str(value)[:60].encode("ascii", "replace").decode(),
)
def test_what_is_wrong_is_named_with_its_place(wanted, param, said):
    with pytest.raises(InvalidInput) as caught:
        parse_filter(wanted)
    assert caught.value.param == param
    assert said in caught.value.message
    caught.value.message.encode()


def test_the_greatest_filters_are_taken():
    assert parse_filter(nested(16)) is not None
    assert parse_filter({"$or": [{"a": {"$gt": i, "$lt": i + 2}} for i in range(128)]}) is not None
    assert parse_filter({"a": {"$in": list(range(1000))}, "b": "x" * 10_000}) is not None


def test_equal_filters_are_one_and_others_are_not():
    """Masks are remembered by filter: true must not be given the answer of 1."""
    assert parse_filter({"a": {"$in": [1, "x"]}}) == parse_filter({"a": {"$in": [1.0, "x"]}})
    kinds = [parse_filter({"a": value}) for value in (1, True, "1", 0, False, None, "", "1970-01-01")]
    assert len(set(kinds)) == 8
    assert parse_filter({"a": {"$contains": "A"}}) != parse_filter({"a": {"$contains": "a"}})
