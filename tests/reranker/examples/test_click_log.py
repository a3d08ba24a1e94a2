"""Search logs as they are read: pages, single results, and lines that are neither."""

import json

import pytest

from reranker.examples.click_log import Page, Shown, read_pages
from reranker.examples.example import Side
from reranker.examples.file import Malformed


def read(tmp_path, *lines: object) -> list[Page | Malformed]:
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return list(read_pages(path))


def test_a_page_with_all_ways_to_name_a_document(tmp_path):
    shown = [
        {"document": "a", "clicked": False},
        {"text": "b", "clicked": True, "dwell_s": 12},
        {"image": "c.png", "clicked": 1, "position": 7},
        {"document": {"text": "d", "image": "d.png"}, "clicked": 0},
    ]
    (found,) = read(tmp_path, {"query": "q", "instruction": "i", "shown": shown, "user": "somebody"})
    assert found == Page(
        "i",
        Side("q"),
        (
            Shown(Side("a"), 1, False),
            Shown(Side("b"), 2, True, 12.0),
            Shown(Side(None, "c.png"), 7, True),
            Shown(Side("d", "d.png"), 4, False),
        ),
        1,
    )
    assert found.last_click == 7


def test_results_of_one_session_and_query_are_one_page_however_far_apart(tmp_path):
    rows = [
        {"session": 1, "query": "q", "document": "a", "position": 1, "clicked": False},
        {"session": "1", "query": "q", "document": "a", "position": 1, "clicked": False},
        {"session": 1, "query": "other", "document": "a", "position": 1, "clicked": True},
        {"session": 1, "query": "q", "document": "b", "position": 2, "clicked": True},
        {"query": "q", "document": "c", "position": 3, "clicked": False},
    ]
    found = read(tmp_path, *rows)
    assert [(one.query.text, [each.document.text for each in one.shown]) for one in found] == [
        ("q", ["c"]),
        ("q", ["a", "b"]),
        ("q", ["a"]),
        ("other", ["a"]),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("no json", "this is no JSON"),
        ("[" * 100_000, "this is no JSON"),
        ("[]", "a line is an object"),
        ({"shown": []}, "a line is an object with query"),
        ({"query": "q", "shown": []}, "shown is a list of results"),
        ({"query": "q", "shown": "abc"}, "shown is a list of results"),
        ({"query": " ", "shown": [{"document": "a", "clicked": True}]}, "query is empty"),
        ({"query": "q\0", "shown": [{"document": "a", "clicked": True}]}, "NUL"),
        ({"query": "q", "instruction": 3, "shown": [{"document": "a", "clicked": True}]}, "instruction is a string"),
        ({"query": "q", "shown": ["a"]}, "shown[0] is an object"),
        ({"query": "q", "shown": [{"clicked": True}]}, "shown[0].document is empty"),
        ({"query": "q", "shown": [{"document": "a", "text": "b", "clicked": True}]}, "and not both"),
        ({"query": "q", "shown": [{"document": "a"}]}, "shown[0].clicked is true or false"),
        ({"query": "q", "shown": [{"document": "a", "clicked": []}]}, "shown[0].clicked is true or false"),
        ({"query": "q", "shown": [{"document": "a", "clicked": True, "position": 0}]}, "position is 0"),
        ({"query": "q", "shown": [{"document": "a", "clicked": True, "position": True}]}, "position is True"),
        ('{"query": "q", "shown": [{"document": "a", "clicked": true, "dwell_s": NaN}]}', "dwell_s is nan"),
        ({"query": "q", "document": "a", "clicked": True}, "position is None"),
    ],
)
def test_a_line_that_is_wrong_is_told_with_its_number_and_the_others_are_read(tmp_path, line, reason):
    good = {"query": "q", "shown": [{"document": "a", "clicked": True}]}
    first, wrong, last = read(tmp_path, good, line, good)
    assert isinstance(first, Page)
    assert isinstance(last, Page)
    assert (wrong.line, last.line) == (2, 3)
    assert reason in wrong.reason
