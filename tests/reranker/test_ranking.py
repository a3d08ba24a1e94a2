"""Order, ties, cut-offs, margin and warnings, on scores made up for the purpose."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import InvalidInput
from reranker import Judgement, rank

FAILED = Judgement(score=0.0, error="no picture")


def judged(*scores):
    return [Judgement(score=score) for score in scores]


def order(ranking):
    return [entry.index for entry in ranking.entries]


def test_best_first_with_ranks_from_one():
    ranking = rank(judged(0.2, 0.9, 0.5))
    assert [(entry.rank, entry.index, entry.score) for entry in ranking.entries] == [
        (1, 1, 0.9),
        (2, 2, 0.5),
        (3, 0, 0.2),
    ]


def test_neighbours_closer_than_a_tie_keep_the_order_of_stage_1():
    ranking = rank(judged(0.9, 0.904, 0.5, 0.1))
    assert order(ranking) == [0, 1, 2, 3]
    assert [entry.tied for entry in ranking.entries] == [True, True, False, False]


def test_a_lead_of_more_than_a_tie_counts():
    ranking = rank(judged(0.9, 0.906))
    assert order(ranking) == [1, 0]
    assert not any(entry.tied for entry in ranking.entries)


def test_a_chain_of_near_scores_overrules_no_clear_lead():
    assert order(rank(judged(0.500, 0.504, 0.508))) == [1, 2, 0]


def test_what_was_not_judged_comes_last_and_is_never_tied():
    ranking = rank([FAILED, *judged(0.001, 0.6), FAILED])
    assert order(ranking) == [2, 1, 0, 3]
    assert not any(entry.tied for entry in ranking.entries)


@pytest.mark.parametrize(("threshold", "top_k"), [(None, None), (0.5, None), (None, 2), (0.5, 1), (0.0, 9), (1.0, 3)])
def test_a_ranking_that_is_cut_afterwards_is_as_one_that_was_cut_at_once(threshold, top_k):
    judgements = [FAILED, *judged(0.9, 0.903, 0.7, 0.3, 0.5)]
    cut = rank(judgements).cut(threshold, top_k)
    assert cut == rank(judgements, score_threshold=threshold, top_k=top_k)


@pytest.mark.parametrize(("threshold", "top_k"), [(1.5, None), (None, 0)])
def test_a_ranking_is_not_cut_by_values_out_of_range(threshold, top_k):
    with pytest.raises(InvalidInput):
        rank(judged(0.5)).cut(threshold, top_k)


def test_cuts_change_neither_score_nor_tie():
    judgements = judged(0.9, 0.903, 0.7, 0.3)
    for cut in (rank(judgements, score_threshold=0.5), rank(judgements, top_k=3)):
        assert [(entry.score, entry.tied) for entry in cut.entries] == [(0.9, True), (0.903, True), (0.7, False)]
    (first,) = rank(judgements, top_k=1).entries
    assert first.tied


def test_ranks_have_no_gaps_after_a_cut_within_a_tie():
    ranking = rank(judged(0.748, 0.751), score_threshold=0.75)
    assert [(entry.rank, entry.index) for entry in ranking.entries] == [(1, 1)]


def test_a_threshold_cuts_what_was_not_judged_unless_it_is_zero():
    assert order(rank([FAILED, *judged(0.6)], score_threshold=0.1)) == [1]
    assert order(rank([FAILED, *judged(0.6)], score_threshold=0.0)) == [1, 0]


def test_scores_that_all_look_alike_are_warned_about():
    (warning,) = rank(judged(0.50, 0.52, 0.549)).warnings
    assert warning.startswith("low_discrimination: ")
    assert "0.500 and 0.549" in warning
    assert "instruction" in warning


@pytest.mark.parametrize("judgements", [[], judged(0.5), [*judged(0.5), FAILED], judged(0.5, 0.56)])
def test_no_warning_where_there_is_nothing_to_warn_about(judgements):
    assert rank(judgements).warnings == ()


def test_a_cut_does_not_hide_the_warning():
    assert rank(judged(0.5, 0.51), top_k=1).warnings


def test_the_margin_is_the_lead_of_the_first_over_the_second_before_the_cuts():
    judgements = judged(0.25, 0.75, 0.5)
    assert rank(judgements).margin == 0.25
    assert rank(judgements, top_k=1).margin == 0.25
    assert rank(judgements, score_threshold=0.6).margin == 0.25


def test_the_margin_tells_that_a_tie_kept_the_order_of_stage_1():
    assert rank(judged(0.9, 0.904, 0.1)).margin == pytest.approx(-0.004)


@pytest.mark.parametrize("judgements", [[], judged(0.5), [FAILED, *judged(0.5)], [FAILED, FAILED]])
def test_fewer_than_two_judged_documents_have_no_margin(judgements):
    assert rank(judgements).margin is None


def test_nothing_ranks_to_nothing():
    assert rank([]).entries == ()


@pytest.mark.parametrize(
    ("cut", "param"),
    [
        ({"score_threshold": -0.1}, "score_threshold"),
        ({"score_threshold": 1.01}, "score_threshold"),
        ({"score_threshold": float("nan")}, "score_threshold"),
        ({"top_k": 0}, "top_k"),
        ({"top_k": -3}, "top_k"),
    ],
)
def test_cuts_out_of_range_are_refused(cut, param):
    with pytest.raises(InvalidInput) as caught:
        rank(judged(0.5), **cut)
    assert caught.value.param == param


@given(st.lists(st.one_of(st.floats(0, 1).map(lambda score: Judgement(score=score)), st.just(FAILED)), max_size=30))
def test_every_order_respects_leads_ties_and_failures(judgements):
    entries = rank(judgements).entries
    assert sorted(entry.index for entry in entries) == list(range(len(judgements)))
    for before, after in pairwise(entries):
        assert before.judgement.error is None or after.judgement.error is not None
        if before.judgement.error is None and after.judgement.error is None:
            assert after.score - before.score < 0.005
            assert before.tied or before.score - after.score >= 0.005
    margin = rank(judgements).margin
    assert margin is None or margin > -0.005
