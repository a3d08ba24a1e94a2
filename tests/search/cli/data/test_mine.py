"""`lychee data mine` from the command line to the file it writes."""

import json
from pathlib import Path

import pytest
from support.error_line import one_error_line

from reranker.examples.contents import Contents
from reranker.examples.example import Example, Side
from reranker.examples.file import examples, write

TASK = "Given a text query, retrieve images that match the description"


@pytest.fixture
def file(folder) -> Path:
    path = folder / "things" / "labelled.jsonl"
    rows = [
        Example(TASK, Side("red"), Side("red"), 1.0),
        Example(TASK, Side(None, "blue.png"), Side("blue bag"), 1.0),
        Example(TASK, Side("green"), Side("no positive"), 0.0),
    ]
    write(path, rows)
    return path


def mine(lychee, file: Path, *options: str) -> tuple[int, str, str]:
    return lychee("data", "mine", str(file), "--collection", "toys", "--output", "mined.jsonl", *options)


def test_every_query_keeps_its_examples_and_gets_negatives(lychee, indexed, file, folder):
    code, out, err = mine(lychee, file, "--guard", "none", "--negatives", "2")
    assert code == 0, err
    found = examples(folder / "mined.jsonl")
    assert [(one.query.text, one.document.text, one.score) for one in found if one.query.text == "red"] == [
        ("red", "red", 1.0),
        ("red", None, 0.0),  # the red picture: cosine 1
        ("red", "red mug", 0.0),
    ]
    assert [one.score for one in found if one.query.image] == [1.0, 0.0, 0.0]
    contents = Contents(folder)
    assert all(contents.content(side).kind for one in found for side in (one.query, one.document))
    assert "4 negatives for 3 queries are in mined.jsonl" in out
    assert "line 3: nothing was mined: the query has no positive" in err


def test_each_guards_count_is_told(lychee, indexed, file):
    told = json.loads(mine(lychee, file, "--json", "--guard", "both", "--target", "text", "--above", "0.15")[1])
    # "red": the positive is there itself, "red mug" (.71, judged .2) is a yes, "blue bag" (0, judged .1) is not
    # "blue.png": cosine of its text channel 0.71 with "blue bag", which is the positive
    assert told["left_out"] == {"positive": 2, "known": 0, "close": 0, "judged": 3, "unreadable": 0}
    assert [one["line"] for one in told["refused"]] == [3]
    assert (told["queries"], told["mined"], told["short"]) == (3, 1, 2)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--collection", "nowhere"], "nowhere"),
        (["--share", "0"], "above 0, up to 1"),
        (["--guard", "judge", "--reranker", "none"], "the reranker is none"),
        (["--output", "things/labelled.jsonl"], "different files"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_written(lychee, indexed, file, folder, options, said):
    code, out, err = mine(lychee, file, *options)
    assert (code, out) == (2, "")
    assert said in one_error_line(err)
    assert not (folder / "mined.jsonl").exists()
