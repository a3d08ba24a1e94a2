"""`lychee search --filter`: only what passes is found."""

import json

import pytest
from support.error_line import one_error_line


@pytest.fixture
def goods(lychee, folder):
    rows = [{"id": "cheap", "text": "red", "price": 5}, {"id": "dear", "text": "red mug", "price": 500.5}]
    (folder / "goods.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    assert lychee("index", "goods.jsonl", "--collection", "goods")[0] == 0


def search(lychee, wanted):
    return lychee("search", "red", "--collection", "goods", "--json", "--filter", wanted)


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ('{"price": {"$lt": 100}}', ["cheap"]),
        ('{"price": {"$gte": 100}}', ["dear"]),
        ('{"price": 7}', []),
        ("{}", ["cheap", "dear"]),
        ("null", ["cheap", "dear"]),
    ],
)
def test_only_items_that_pass_are_found(lychee, goods, wanted, ids):
    code, out, err = search(lychee, wanted)
    assert code == 0, err
    assert [hit["id"] for hit in json.loads(out)["hits"]] == ids


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("price < 100", "--filter is no JSON: Expecting value at character 1; in most shells, single quotes"),
        ("", "--filter is no JSON"),
        ("[]", "an object such as"),
        ('{"price": {"$less": 5}}', "`$less` (did you mean `$lte`?)"),
        ('{"price": {"$lt": NaN}}', "`filter.price.$lt` takes finite numbers"),
        ("[" * 100_000, "nested too deep"),
        ('{"price": ' + "9" * 5000 + "}", "a number too long"),
    ],
    ids=lambda value: value[:30],
)
def test_what_is_no_filter_is_refused_in_one_line(lychee, wanted, said):
    code, out, err = search(lychee, wanted)
    assert (code, out) == (2, "")
    assert said in one_error_line(err)


def test_a_row_that_no_filter_could_compare_is_refused_and_says_what_is_right(lychee, folder):
    (folder / "nested.jsonl").write_text('{"text": "red", "maker": {"name": "x"}}\n{"text": "blue", "maker.name": "x"}')
    code, out, err = lychee("index", "nested.jsonl", "--collection", "nested")
    said = " ".join((out + err).split())
    assert code == 0
    assert "nested.jsonl:1" in said
    assert "'maker' is an object, and metadata is flat: make `maker.name` a key of its own" in said
    options = ("--collection", "nested", "--json", "--filter", '{"maker.name": "x"}')
    assert [hit["text"] for hit in json.loads(lychee("search", "red", *options)[1])["hits"]] == ["blue"]
