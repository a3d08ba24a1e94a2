"""Calibration on scores that can be binned by hand."""

import pytest

from measures.calibration import Verdict, calibration


def test_the_error_is_the_weighted_gap_between_score_and_share_of_matches():
    verdicts = [Verdict(True, 0.95), Verdict(False, 0.95), Verdict(False, 0.05), Verdict(False, 0.05)]
    result = calibration(verdicts)
    assert result.error == pytest.approx(0.5 * abs(0.5 - 0.95) + 0.5 * abs(0 - 0.05))
    assert result.brier == pytest.approx((0.05**2 + 0.95**2 + 2 * 0.05**2) / 4)
    assert result.accuracy == 0.75
    assert [(one.low, one.high, one.pairs, one.matches) for one in result.bins] == [(0, 0.1, 2, 0), (0.9, 1, 2, 0.5)]


def test_perfect_scores_have_no_error():
    result = calibration([Verdict(True, 1.0), Verdict(False, 0.0)])
    assert (result.error, result.brier, result.accuracy) == (0, 0, 1)


@pytest.mark.parametrize(("score", "low"), [(0.0, 0.0), (0.1, 0.0), (0.11, 0.1), (0.3, 0.2), (0.7, 0.6), (1.0, 0.9)])
def test_a_bin_holds_its_upper_edge(score, low):
    (found,) = calibration([Verdict(True, score)]).bins
    assert (found.low, found.high) == (low, pytest.approx(low + 0.1))


def test_half_is_not_yes():
    assert calibration([Verdict(True, 0.5), Verdict(False, 0.5)]).accuracy == 0.5


def test_no_verdicts_have_no_calibration():
    with pytest.raises(ValueError, match="at least one"):
        calibration([])
