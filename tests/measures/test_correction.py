"""Holm's correction, by hand."""

import pytest

from measures.correction import holm


def test_the_smallest_is_counted_for_all_tests_and_each_next_for_one_less():
    assert holm([0.01, 0.04, 0.02]) == pytest.approx([0.03, 0.04, 0.04])


def test_none_is_below_one_that_was_smaller_and_none_above_one():
    assert holm([0.02, 0.021]) == pytest.approx([0.04, 0.04])
    assert holm([0.5, 0.9, 0.8]) == [1.0, 1.0, 1.0]
    assert holm([0.03]) == [0.03]
    assert holm([]) == []
