"""Which labelled groups say something of an order."""

import pytest

from reranker.examples.example import Example, Side, grouped
from reranker.examples.ranking import telling


@pytest.mark.parametrize(
    ("scores", "tells"),
    [
        ((1.0,), False),
        ((1.0, 1.0), False),
        ((0.0, 0.0), False),
        ((0.7, 0.702), False),
        ((0.7, 0.8), True),
        ((1, 0), True),
    ],
)
def test_a_group_tells_where_measures_see_two_grades(scores, tells):
    groups = grouped([Example("", Side("mug"), Side(str(number)), score) for number, score in enumerate(scores)])
    assert telling(groups) == (groups if tells else [])
