"""The paired test against counting by hand, and against what it promises when there is no difference."""

import numpy as np
import pytest

from measures.significance import paired


def test_few_queries_are_counted_out():
    # All of 2^4 sign patterns: only +++ + reaches the mean of 1, and only ---- its opposite.
    result = paired(np.zeros(4), np.ones(4))
    assert result.difference == 1.0
    assert result.p == pytest.approx(2 / 16)


def test_one_query_is_no_evidence():
    assert paired(np.zeros(1), np.ones(1)).p == 1.0


@pytest.mark.parametrize(("changed", "p"), [(1, 1.0), (2, 0.5), (4, 2 / 16), (6, 2 / 64)])
def test_queries_without_a_difference_change_nothing_about_those_with_one(changed: int, p: float):
    stage2 = np.zeros(90)
    stage2[:changed] = 0.5
    assert paired(np.zeros(90), stage2).p == pytest.approx(p)


def test_no_difference_is_no_evidence():
    assert paired(np.ones(50), np.ones(50)).p == 1.0


def test_direction_turns_the_sign_and_not_the_p():
    stage1, stage2 = np.array([0.0, 0.2, 0.5, 0.1, 0.9]), np.array([0.5, 0.6, 0.4, 1.0, 1.0])
    forth, back = paired(stage1, stage2), paired(stage2, stage1)
    assert forth.difference == -back.difference == pytest.approx(0.36)
    assert forth.p == pytest.approx(back.p)


def test_a_clear_lift_is_significant_and_the_seed_repeats_it():
    stage1 = np.random.default_rng(1).random(200)
    stage2 = np.minimum(1, stage1 + 0.1)
    assert paired(stage1, stage2).p == paired(stage1, stage2).p < 0.001


def test_without_a_difference_low_p_are_as_rare_as_they_should_be():
    rng = np.random.default_rng(3)
    low = sum(paired(rng.random(12), rng.random(12)).p < 0.1 for _ in range(60))
    assert low <= 13  # 6 are expected; 13 or more in one case in 200


def test_the_interval_is_that_of_the_differences_and_not_of_either_stage():
    rng = np.random.default_rng(2)
    stage1 = rng.random(300)  # queries differ by far more than the stages do
    result = paired(stage1, stage1 + 0.05 + 0.01 * rng.standard_normal(300))
    assert result.low < result.difference < result.high
    assert result.high - result.low < 0.004
    assert result.low < 0.05 < result.high
