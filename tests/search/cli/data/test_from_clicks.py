"""`lychee data from-clicks` from the command line to the file it writes."""

import json
from pathlib import Path

import pytest
from support.error_line import one_error_line

from reranker.examples.contents import Contents
from reranker.examples.file import examples


@pytest.fixture
def log(folder) -> Path:
    """Five pages with a click on the second result, a picture, and two lines that are wrong."""
    page = {
        "query": "red mug",
        "session": "sess-1234",
        "user": "anna@example.com",
        "ip": "203.0.113.9",
        "shown": [
            {"text": "a blue bag", "clicked": False, "user": "anna@example.com"},
            {"image": "red.png", "clicked": True, "dwell_s": 45},
            {"text": "never looked at", "clicked": False},
        ],
    }
    path = folder / "things" / "log.jsonl"
    lines = [json.dumps(page)] * 5
    path.write_text("\n".join([*lines[:2], "no \x1b[31mjson", *lines[2:], '{"query": "q"}']))
    return path


def test_a_log_becomes_graded_examples(lychee, log, folder):
    code, out, err = lychee("data", "from-clicks", str(log), "-o", "clicks.jsonl", "--instruction", "image-search")
    assert code == 0, err
    found = examples(folder / "clicks.jsonl")
    assert [(one.instruction, one.query.text, one.score == 1.0) for one in found] == [
        ("image-search", "red mug", True),
        ("image-search", "red mug", False),
    ]
    assert Contents(folder).content(found[0].document).image.getpixel((0, 0)) == (255, 0, 0)
    assert found[1].document.text == "a blue bag"
    assert 0 < found[1].score < 0.2
    assert "2 examples are in clicks.jsonl" in out
    assert "1 never clicked and perhaps never looked at, 2 lines that are wrong" in " ".join(out.split())
    assert "line 3 is left out: this is no JSON" in err
    assert "\x1b[31m" not in err


def test_nothing_but_queries_and_documents_is_carried_over(lychee, log, folder):
    assert lychee("data", "from-clicks", str(log), "-o", "clicks.jsonl")[0] == 0
    written = (folder / "clicks.jsonl").read_text()
    assert not any(private in written for private in ("anna", "sess", "203.0", "dwell", "position"))


def test_as_json_every_count_and_bad_line_is_told(lychee, log):
    told = json.loads(lychee("data", "from-clicks", str(log), "-o", "clicks.jsonl", "--json")[1])
    assert (told["examples"], told["pages"], told["impressions"], told["clicks"]) == (2, 5, 15, 5)
    assert (told["pairs"], told["seldom"], told["unseen"], told["bad_lines"]) == (3, 0, 1, 2)
    assert [one["line"] for one in told["bad"]] == [3, 7]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-o", "things/log.jsonl"], "different files"),
        (["-o", "x.jsonl", "--eta", "-1"], "eta is from 0 to 10"),
        (["-o", "x.jsonl", "--min-impressions", "6"], "none of 3 pairs was seen often enough"),
        (["-o", "nowhere/x.jsonl"], "cannot be written"),
    ],
)
def test_what_makes_no_sense_is_refused(lychee, log, folder, options, said):
    code, out, err = lychee("data", "from-clicks", str(log), *options)
    assert (code, out) == (2, "")
    assert said in one_error_line(err.splitlines(keepends=True)[-1])
    assert not (folder / "x.jsonl").exists()
