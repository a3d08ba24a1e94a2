"""A run that was written down is read back as it was, and runs are put together only where they belong together."""

import json
from dataclasses import replace

import pytest
from support.evaluation_rows import ALL, result, rows

from content.errors import InvalidInput
from evaluation.conditions import conditions
from evaluation.demo.pairs import Pair, Task
from evaluation.demo.result import Setup
from evaluation.demo.transcript import Transcript, merged, read, to_json

SETUP = Setup("demo", "e" * 32, "demo", "r" * 32, items=2000, seed=1, catalogue="c" * 32, depth=50)
CONDITIONS = conditions("cpu", "fp32", {"items": 2000, "rows": ["T->I en"]})


def test_a_run_is_read_back_as_it_was_written(tmp_path):
    file = tmp_path / "figures.json"
    file.write_text(json.dumps(to_json(SETUP, CONDITIONS, rows(ALL)), ensure_ascii=False), "utf-8")
    assert read(file) == Transcript(SETUP, (CONDITIONS,), tuple(ALL))
    first = json.loads(file.read_text("utf-8"))["results"][0]["figures"]
    assert first["stage2"]["recall@1"]["mean"] == 0.75
    assert first["kinds"]["swap"]["stage2"]["mean"] == 0.75


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"run": {"encoder": "demo"}}', '"text"'])
def test_a_file_that_is_no_run_is_refused(tmp_path, content):
    file = tmp_path / "other.json"
    file.write_text(content)
    with pytest.raises(InvalidInput, match=r"other\.json cannot be read as what `lychee evaluate demo --json` prints"):
        read(file)


def test_runs_are_merged_row_by_row_and_the_first_has_the_say():
    more, fewer = result(ALL[0].task, queries=9), result(ALL[0].task, queries=4)
    other = result(Task(Pair("I", "I"), None))
    later = replace(CONDITIONS, seconds=2.0)
    whole = merged([Transcript(SETUP, (CONDITIONS,), (more,)), Transcript(SETUP, (later,), (fewer, other))])
    assert whole.results == (more, other)
    assert whole.conditions == (CONDITIONS, later)


@pytest.mark.parametrize(("name", "value"), [("reranker_fingerprint", "x"), ("seed", 2), ("catalogue", "y")])
def test_runs_that_differ_in_what_they_judged_are_not_merged(name, value):
    with pytest.raises(InvalidInput, match=f"cannot be merged: their {name}"):
        merged([Transcript(SETUP, (), ()), Transcript(replace(SETUP, **{name: value}), (), ())])
