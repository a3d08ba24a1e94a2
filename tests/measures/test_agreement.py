"""Krippendorff's alpha against figures that he published himself, and where it says nothing."""

import numpy as np
import pytest

from measures.agreement import alpha, meaning

NAN = np.nan
# Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, section C: four observers, twelve units.
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
)
MARKS = (1, 2, 3, 4, 5)


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_published_figures_are_reproduced(level, published):
    assert alpha(PUBLISHED, MARKS, level) == pytest.approx(published, abs=5e-4)


def test_marks_are_ranks_where_nothing_else_is_said():
    assert alpha(PUBLISHED, MARKS) == alpha(PUBLISHED, MARKS, "ordinal")


def test_the_same_marks_agree_wholly_and_opposite_ones_less_than_by_chance():
    one = np.array([1.0, 2, 3, 4, 5])
    assert alpha(np.stack([one, one]), MARKS) == pytest.approx(1.0)
    assert alpha(np.stack([one, one[::-1]]), MARKS) < 0


@pytest.mark.parametrize(
    "marks",
    [
        [[1, 2, 3]],  # one person
        [[1, NAN], [NAN, 2]],  # nothing marked by two
        [[4, 4], [4, 4]],  # never another mark
        [[1, 4], [NAN, 4]],  # and none where two marked
    ],
)
def test_nothing_is_said_where_nothing_can_be(marks):
    assert alpha(np.array(marks, dtype=float), MARKS) is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "Nothing can be said"),
        (0.8, "can be relied on"),
        (0.7, "tentative"),
        (0.3, "agree little"),
        (0.0, "no better than chance"),
        (-0.2, "no better than chance"),
    ],
)
def test_the_number_is_put_into_words(value, said):
    assert said in meaning(value)
