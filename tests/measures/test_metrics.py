"""Metrics against values worked out by hand, and the interval against what it promises."""

import math

import numpy as np
import pytest

from measures.metrics import RELEVANT, estimate, graded, mean_of, per_place, per_query, share

QRELS = {"first": {"a": 1}, "third": {"b": 1}, "absent": {"c": 1}, "unanswered": {"d": 1}}
RUN = {"first": ["a", "x", "y"], "third": ["x", "y", "b"], "absent": ["x", "y", "z"]}


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("recall@1", [1, 0, 0, 0]),
        ("recall@50", [1, 1, 0, 0]),
        ("MRR", [1, 1 / 3, 0, 0]),
        ("nDCG@10", [1, 1 / math.log2(4), 0, 0]),
    ],
)
def test_measures_follow_their_definition_and_keep_the_order_of_queries(measure: str, expected: list[float]):
    assert per_query(RUN, QRELS)[measure] == pytest.approx(expected)


def test_what_counts_queries_has_the_interval_of_a_share_and_all_else_that_of_a_mean():
    ones = np.ones(20)
    assert mean_of("hit@1", ones) == mean_of("recall@1", ones) == share(ones)
    assert mean_of("nDCG@10", ones) == estimate(ones)
    parts = np.array([0.0, 0.5, 1.0])
    assert mean_of("recall@10", parts) == estimate(parts)


@pytest.mark.parametrize(("score", "grade"), [(0.0, 0), (0.29, 29), (0.4999, 49), (0.5, 50), (0.57, 57), (1.0, 100)])
def test_a_score_is_cut_to_a_grade_and_below_a_half_none_is_relevant(score: float, grade: int):
    assert graded(score) == grade
    assert (graded(score) >= RELEVANT) == (score >= 0.5)


def test_long_runs_keep_their_own_order():
    run = {"q": [f"item-{n}" for n in range(200)]}
    values = per_query(run, {"q": {"item-49": 1}})
    assert values["recall@50"][0] == 1.0
    assert values["MRR"][0] == pytest.approx(1 / 50)
    assert per_query(run, {"q": {"item-50": 1}})["recall@50"][0] == 0.0


def test_places_alone_measure_the_same_as_the_run_they_come_from():
    by_place, by_run = per_place([1, 3, None, None]), per_query(RUN, QRELS)
    assert {name: list(values) for name, values in by_place.items()} == {
        name: list(values) for name, values in by_run.items()
    }


def test_interval_covers_the_true_mean_about_as_often_as_it_says():
    random = np.random.default_rng(7)
    samples = (random.random(200) < 0.7 for _ in range(100))
    estimates = [estimate(sample.astype(float), resamples=500) for sample in samples]
    covered = sum(e.low <= 0.7 <= e.high for e in estimates)
    assert 88 <= covered <= 100
    assert all(e.low < e.mean < e.high for e in estimates)


def test_interval_of_equal_values_is_a_point():
    result = estimate(np.ones(5))
    assert (result.mean, result.low, result.high) == (1.0, 1.0, 1.0)


def test_a_share_has_wilsons_interval():
    # Worked out with z = 1.959964: centre (p + z^2 / 2n) / (1 + z^2 / n) for 8 of 10.
    result = share([True] * 8 + [False] * 2)
    assert result.mean == 0.8
    assert (result.low, result.high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))


def test_a_share_of_all_or_none_is_still_an_interval():
    everything, nothing = share(np.ones(50)), share(np.zeros(50))
    assert (everything.mean, everything.high) == (1.0, pytest.approx(1.0))
    assert everything.low == pytest.approx(1 - 1.959964**2 / (50 + 1.959964**2))
    assert (nothing.mean, nothing.low) == (0.0, pytest.approx(0.0, abs=1e-9))
    assert nothing.high == pytest.approx(1 - everything.low)


@pytest.mark.parametrize(("right", "wrong"), [("a\x00b", "a\x00c"), ("\ud800", "\ud801"), ("", " "), ("一", "二")])
def test_ids_of_any_characters_are_told_apart(right: str, wrong: str):
    values = per_query({right: [wrong, right]}, {right: {right: 1, wrong: 0}}, ("MRR",))
    assert values["MRR"].tolist() == [0.5]
