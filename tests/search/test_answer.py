"""Answers that are cut after the search, and how far the first hit leads."""

from dataclasses import replace

import pytest

from content.errors import InvalidInput
from search.answer import Hit, Retrieval, lead

TABLE = {"red mug": 0.2, "red mug shop": 0.9, "red": 0.6, "blue": 0.1}


@pytest.mark.parametrize("cuts", [{}, {"top_k": 2}, {"score_threshold": 0.2}, {"score_threshold": 0.5, "top_k": 1}])
def test_a_cut_answer_is_that_of_a_search_with_these_cuts(make_engine, cuts):
    engine = make_engine(TABLE)
    whole = engine.search("red mug")

    cut, searched = whole.cut(**cuts), engine.search("red mug", **cuts)

    assert replace(cut, timings_ms=searched.timings_ms) == searched
    assert len(whole.hits) == 4


def test_an_answer_of_stage_1_is_cut_by_number_only(make_engine):
    answer = make_engine().search("red mug")

    assert [hit.rank for hit in answer.cut(top_k=2).hits] == [1, 2]
    with pytest.raises(InvalidInput, match="stage 2 is switched off"):
        answer.cut(score_threshold=0.5)


@pytest.mark.parametrize(("cuts", "param"), [({"top_k": 0}, "top_k"), ({"score_threshold": 1.1}, "score_threshold")])
def test_cuts_out_of_range_are_refused(make_engine, cuts, param):
    answer = make_engine(TABLE).search("red mug")
    with pytest.raises(InvalidInput) as refused:
        answer.cut(**cuts)
    assert refused.value.param == param


def hit(score: float, *, judged: bool = True, error: str | None = None) -> Hit:
    return Hit(1, "a", score, Retrieval(1, 0.1, ()), "a", False, {}, judged=judged, error=error)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((0.9, 0.6), "clear"),
        ((0.9, 0.61), None),
        ((0.9, 0.895), "close"),
        ((0.9, 0.905), "close"),  # a tie in stage 1's order
        ((0.9, 0.88), None),
        ((0.004, 0.002), "close"),
        ((0.5, 0.0), "clear"),
        ((0.0, 0.0), "close"),
        ((0.9, 0.5, 0.49), "clear"),
        ((0.9,), None),
        ((), None),
    ],
)
def test_the_first_leads_clearly_closely_or_neither(scores, expected):
    assert lead([hit(score) for score in scores]) == expected


def test_only_what_was_judged_leads():
    assert lead([hit(0.9), hit(0.03, judged=False)]) is None
    assert lead([hit(0.9), hit(0.0, error="torn")]) is None
    assert lead([hit(0.03, judged=False), hit(0.01, judged=False)]) is None
