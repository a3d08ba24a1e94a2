"""Figures of rows whose outcomes a reader can count."""

import math
from dataclasses import replace

import pytest
from support.evaluation_rows import ALL, PLAN

from evaluation.demo.figures import figures
from evaluation.demo.outcome import Judged, outcome
from evaluation.demo.plan import Plan
from evaluation.demo.result import Result


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
