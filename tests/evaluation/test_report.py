"""Tables fit a plain terminal and show the figures; a run that was written down is read back as it was."""

import json
import math
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from content.errors import InvalidInput
from demo.catalogue.family import KINDS
from evaluation.calibration import Verdict
from evaluation.conditions import conditions
from evaluation.figures import figures
from evaluation.grid import Grid, markdown, terminal
from evaluation.outcome import Judged, NearDuplicate, outcome
from evaluation.pairs import Pair, Task, languages_named, pairs_named, tasks
from evaluation.plan import Plan
from evaluation.report import grids
from evaluation.result import Result, Setup
from evaluation.transcript import Transcript, merged, read, to_json
from evaluation.unanswerable import Foreign

SETUP = Setup("demo", "e" * 32, "demo", "r" * 32, items=2000, seed=1, catalogue="c" * 32, depth=50)
CONDITIONS = conditions("cpu", "fp32", {"items": 2000, "rows": ["T->I en"]})
PLAN = Plan(100, 50)


def result(task: Task, repaired: int = 3, queries: int = 4) -> Result:
    """Stage 1 has the right one second, behind a swap; stage 2 first in `repaired` of the queries, else second. Every
    other swap shows a held-out pair."""
    found = [
        outcome(
            f"right-{n}",
            {f"swap-{n}": NearDuplicate("swap", held_out=n % 2 == 0)},
            [Judged(f"swap-{n}", 0.4), Judged(f"right-{n}", 0.9 if n < repaired else 0.2)],
            PLAN,
        )
        for n in range(queries)
    ]
    verdicts = (Verdict(True, 0.95), Verdict(False, 0.05))
    return Result(task, PLAN.candidates, tuple(found), verdicts, (Foreign("季度财务报告", 0.1), Foreign("cat", 0.7)))


ALL = [result(task) for task in tasks(pairs_named([]), languages_named([]))]


def rows(results):
    return [(one, figures(one, 50)) for one in results]


def test_figures_are_those_of_the_outcomes():
    found = figures(ALL[0], 50)
    assert found.stage1["recall@1"].mean == 0.0
    assert found.stage1["MRR"].mean == 0.5
    assert found.stage2["recall@1"].mean == 0.75
    lift = found.tests["recall@1"]
    assert lift.low < lift.difference == 0.75 < lift.high
    assert found.stage1["recall@1"].high == pytest.approx(1.959964**2 / (4 + 1.959964**2))  # Wilson's, not a point
    assert (found.deepening.low, found.deepening.mean, found.deepening.high) == (0, 0, 0)
    assert found.recall.mean == 1.0
    assert set(found.depths) == {10, 20, 50, 100}
    assert (found.kinds["swap"].stage1.mean, found.kinds["swap"].stage2.mean) == (0.0, 0.75)
    assert (found.held_out_rivals["swap"].cases, found.held_out_rivals["swap"].stage2.mean) == (2, 1.0)
    assert (found.trained_rivals["swap"].cases, found.trained_rivals["swap"].stage2.mean) == (2, 0.5)
    assert found.removed.mean == 1.0
    assert found.foreign.mean == 0.5


def test_stage_1_is_measured_at_the_depth_of_stage_2_and_its_recall_at_50():
    found = [Judged(f"far {n}", 0.1) for n in range(40)] + [Judged("right", 0.9)]
    deep = Result(ALL[0].task, 60, (outcome("right", {}, found, Plan(60, 20)),))
    at_20 = figures(deep, 20)
    assert at_20.stage1["MRR"].mean == at_20.stage2["MRR"].mean == 0.0
    assert at_20.recall.mean == 1.0
    assert figures(replace(deep, candidates=40), 20).recall is None


def test_going_deeper_is_compared_query_by_query():
    # One query of two loses its first place to an item that only depth 100 reaches.
    wrong = [Judged(f"far {n}", 0.1) for n in range(60)] + [Judged("late", 0.95)]
    orders = [[Judged("right", 0.9), *wrong], [Judged("right", 0.99), *wrong]]
    deep = Result(ALL[0].task, 100, tuple(outcome("right", {}, order, PLAN) for order in orders))
    found = figures(deep, 50).deepening
    assert found.mean == pytest.approx((1 / math.log2(3) - 1) / 2)
    assert found.low < found.mean < found.high == 0
    assert figures(replace(deep, outcomes=(outcome("right", {}, orders[0], Plan(50, 50)),)), 50).deepening is None


def test_every_table_of_every_row_fits_80_columns():
    out = StringIO()
    for grid in grids(rows(ALL), 50):
        assert all(len(line) == len(grid.headings) for line in grid.rows)
        Console(file=out, width=200).print(terminal(grid))
    assert max(map(len, out.getvalue().splitlines())) <= 80
    assert out.getvalue().count("0.750") >= 22
    assert "swap" in out.getvalue()
    assert not any(kind in out.getvalue() for kind in KINDS if kind != "swap")


def test_tables_that_have_no_figures_are_left_out():
    plain = replace(ALL[0], verdicts=(), foreign=())
    titles = [grid.title for grid in grids(rows([plain]), 50)]
    assert "Calibration of P(yes)" not in titles
    assert "Order of the first 50 candidates" in titles


def test_markdown_keeps_a_cell_in_one_line_and_a_bar_in_its_cell():
    grid = Grid("title", "note", ("pair", "x"), (("a|b", "0.5\n0.4-0.6"),), labels=1)
    assert markdown(grid) == "| pair | x |\n| --- | --: |\n| a\\|b | 0.5<br>0.4-0.6 |\n"


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
