"""`lychee data check` from the command line to its exit code."""

import json
import re
from pathlib import Path

import pytest
from support.clean_examples import clean_lines
from support.error_line import one_error_line

from reranker.examples.checks.kinds import KINDS

TASK = "Given a user's search query, rank products by visual and textual relevance"
BAD = {"instruction": "web_search_retrieval_v2", "query": "a mug", "document": "Tom &amp; Jerry", "score": 85}
GOOD = {"instruction": TASK, "query": "a mug", "document": "a red mug", "score": 1.0}
WARNED = GOOD | {"document": "a blue mug "}


@pytest.fixture
def write(folder):
    def write(name, *rows) -> str:
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return name

    return write


def test_a_clean_file_is_said_to_be_clean(lychee, folder):
    (folder / "clean.jsonl").write_text("\n".join(clean_lines(folder, 200)), encoding="utf-8")
    code, out, _ = lychee("data", "check", "clean.jsonl", "--strict")
    assert (code, out) == (0, "clean.jsonl: clean\n")


def test_findings_are_summed_up_by_kind_and_then_told_one_by_one(lychee, write):
    code, out, _ = lychee("data", "check", write("bad.jsonl", BAD, GOOD, BAD | {"query": "b"}))

    lines = [line.split() for line in out.splitlines()]
    assert code == 1
    assert out.startswith("bad.jsonl: 4 errors, 2 warnings\n")
    assert ["2", "error", "score-scale"] in [line[:3] for line in lines]
    assert ["1", "score-scale", "score", "85", "looks", "like", "percent:", "divide", "by", "100"] in lines
    assert ["3", "html-entity", "document"] in [line[:3] for line in lines]


def test_a_limit_cuts_what_is_told_one_by_one_and_not_the_counts(lychee, write):
    name = write("bad.jsonl", *[BAD | {"query": f"query {at}"} for at in range(30)])
    _, out, _ = lychee("data", "check", name, "--limit", "2")
    assert "61 errors" in out
    assert "and 89 more" in out
    assert len(json.loads(lychee("data", "check", name, "--limit", "2", "--json")[1])["files"][0]["findings"]) == 91


def test_json_has_every_finding_with_line_reason_and_remedy(lychee, write):
    code, out, _ = lychee("data", "check", write("bad.jsonl", GOOD, BAD), "--json")

    answer = json.loads(out)
    (file,) = answer["files"]
    assert (code, answer["ok"], file["file"], file["errors"]) == (1, False, "bad.jsonl", 2)
    assert file["findings"][0] == {
        "line": 2,
        "kind": "score-scale",
        "severity": "error",
        "field": "score",
        "reason": "85 looks like percent: divide by 100",
        "remedy": "Bring all scores of the file to 0 to 1.",
    }


def test_warnings_fail_a_check_only_if_it_is_strict(lychee, write):
    name = write("warned.jsonl", WARNED)
    assert lychee("data", "check", name)[0] == 0
    assert lychee("data", "check", name, "--strict")[0] == 1


def test_several_files_are_checked_and_one_bad_one_fails_them(lychee, write):
    code, out, _ = lychee("data", "check", write("good.jsonl", GOOD), write("bad.jsonl", BAD))
    assert code == 1
    assert "good.jsonl: clean" in out
    assert "bad.jsonl: 3 errors, 1 warning" in out


def test_what_is_mechanical_is_mended_and_what_remains_is_told(lychee, write, folder):
    name = write(
        "mixed.jsonl", WARNED, WARNED, {"instruction": "task-12", "query": "q", "document": "d", "label": "yes"}
    )
    code, out, _ = lychee("data", "check", name, "--fix", "mended.jsonl")

    assert code == 1
    assert out.splitlines()[0] == "mixed.jsonl -> mended.jsonl: 2 lines written, 1 line left out"
    assert {"white-space", "left out: duplicate", "label as score"} <= {line[11:] for line in out.splitlines()}
    assert "mended.jsonl: 1 error, 0 warnings" in out
    written = [json.loads(line) for line in (folder / "mended.jsonl").read_text().splitlines()]
    assert [(row["document"], row["score"]) for row in written] == [("a blue mug", 1.0), ("d", 1.0)]


def test_leaks_into_a_test_file_are_found(lychee, write):
    code, out, _ = lychee("data", "check", write("train.jsonl", GOOD), "--against", write("test.jsonl", GOOD))
    assert code == 1
    assert "leak-pair" in out


def test_a_model_counts_the_tokens(lychee, write):
    long = (
        "Müllers Becher, Nr. 4711 / 0815. " * 150
    )  # by the estimate it fits, in the demo's small vocabulary it does not
    name = write("long.jsonl", GOOD | {"document": long.strip()})
    assert "too-long" not in lychee("data", "check", name)[1]
    counted = lychee("data", "check", name, "--model", "demo")[1]
    assert "too-long" in counted
    assert "an estimate" not in counted


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nowhere.jsonl",), "there is no file nowhere.jsonl"),
        (("things",), "things cannot be read"),
        (("good.jsonl", "--against", "nowhere.jsonl"), "there is no file nowhere.jsonl"),
        (("good.jsonl", "--fix", "good.jsonl"), "the file itself"),
        (("good.jsonl", "good.jsonl", "--fix", "out.jsonl"), "one file at a time"),
        (("good.jsonl", "--model", "nobody-has-it"), "nobody-has-it"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(lychee, write, arguments, says):
    write("good.jsonl", GOOD)
    code, _, err = lychee("data", "check", *arguments)
    assert code == 2
    assert says in one_error_line(err)


def test_what_stands_in_a_file_steers_no_terminal(lychee, write):
    name = write("hostile.jsonl", GOOD | {"\x1b[31m[bold]x[/]": 1, "document": "\x1b]0;title\x07 [red]a <br> b"})
    code, out, _ = lychee("data", "check", name)
    assert code == 1
    assert "\x1b" not in out
    assert "[bold]x[/]" in out


def test_the_guide_names_every_kind_of_finding():
    guide = (Path(__file__).parents[4] / "docs" / "training-data.md").read_text(encoding="utf-8")
    checking = guide.partition("## Checking it")[2].partition("\n## ")[0]
    assert set(re.findall(r"`([a-z]+(?:-[a-z0-9]+)+|mojibake|duplicate|contradiction|placeholder)`", checking)) == set(
        KINDS
    )


def test_the_lines_of_the_guide_are_fine(lychee, folder):
    guide = (Path(__file__).parents[4] / "docs" / "training-data.md").read_text(encoding="utf-8")
    (folder / "guide.jsonl").write_text(guide.split("```json\n")[1].partition("```")[0], encoding="utf-8")
    code, out, _ = lychee("data", "check", "guide.jsonl", "--no-pictures", "--strict")
    assert (code, out) == (0, "guide.jsonl: clean\n")
