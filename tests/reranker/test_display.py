"""How scores are shown, on scores made up for the purpose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import InvalidInput
from reranker import Display, Judgement, rank

FAILED = Judgement(score=0.0, error="no picture")
DISPLAYS = [Display(scale, normalize) for scale in (1, 10) for normalize in (None, "minmax")]


def judged(*scores):
    return [Judgement(score=score) for score in scores]


def shown(ranking):
    return {entry.index: entry.score for entry in ranking.entries}


def test_a_scale_of_ten_shows_ten_times_the_score():
    assert shown(rank(judged(0.25, 0.75), display=Display(scale=10))) == {0: 2.5, 1: 7.5}


def test_min_max_shows_where_a_score_lies_between_the_lowest_and_the_highest():
    assert shown(rank(judged(0.5, 0.25, 0.75), display=Display(normalize="minmax"))) == {0: 0.5, 1: 0.0, 2: 1.0}
    assert shown(rank(judged(0.5, 0.25, 0.75), display=Display(10, "minmax"))) == {0: 5.0, 1: 0.0, 2: 10.0}


def test_min_max_looks_at_what_was_cut_too_so_that_a_cut_changes_nothing_that_is_shown():
    whole = shown(rank(judged(0.5, 0.25, 0.75), display=Display(normalize="minmax")))
    for cuts in ({"top_k": 2}, {"score_threshold": 0.5}):
        assert shown(rank(judged(0.5, 0.25, 0.75), display=Display(normalize="minmax"), **cuts)) == {
            2: whole[2],
            0: whole[0],
        }


@pytest.mark.parametrize("judgements", [judged(0.3), judged(0.3, 0.3, 0.3), judged(0.0, 0.0)])
def test_where_all_scores_are_equal_min_max_shows_each_as_the_best(judgements):
    assert set(shown(rank(judgements, display=Display(normalize="minmax"))).values()) == {1.0}


def test_what_was_not_judged_is_shown_as_zero_and_stretches_nothing():
    for display in DISPLAYS:
        assert shown(rank([FAILED, *judged(0.5, 0.75)], display=display))[0] == 0.0
    assert shown(rank([FAILED, *judged(0.5, 0.75)], display=Display(normalize="minmax"))) == {0: 0.0, 1: 0.0, 2: 1.0}


def test_nothing_is_shown_as_nothing():
    for display in DISPLAYS:
        assert rank([], display=display).entries == ()


@pytest.mark.parametrize("scale", [0, 5, 100, True, False, 1.0, 10.0, "10", None])
def test_another_scale_is_refused(scale):
    with pytest.raises(InvalidInput, match="1 or 10") as caught:
        Display(scale=scale)
    assert caught.value.param == "scale"


@pytest.mark.parametrize("normalize", ["MINMAX", "softmax", "", True, []])
def test_another_normalisation_is_refused(normalize):
    with pytest.raises(InvalidInput, match="minmax or left out") as caught:
        Display(normalize=normalize)
    assert caught.value.param == "normalize"


judgements = st.lists(
    st.one_of(st.floats(0, 1).map(lambda score: Judgement(score=score)), st.just(FAILED)), max_size=20
)


@given(judgements, st.sampled_from(DISPLAYS), st.one_of(st.none(), st.floats(0, 1)), st.one_of(st.none(), st.just(3)))
def test_a_display_changes_nothing_but_what_is_shown(judgements, display, threshold, top_k):
    plain = rank(judgements, score_threshold=threshold, top_k=top_k)
    ranking = rank(judgements, score_threshold=threshold, top_k=top_k, display=display)
    assert [(each.rank, each.index, each.judgement, each.tied) for each in ranking.entries] == [
        (each.rank, each.index, each.judgement, each.tied) for each in plain.entries
    ]
    assert (ranking.margin, ranking.warnings, ranking.tokens) == (plain.margin, plain.warnings, plain.tokens)
    assert ranking.display == display
    assert all(0.0 <= each.score <= display.scale for each in ranking.entries)
    by_score = sorted(ranking.entries, key=lambda each: (each.judgement.error is None, each.judgement.score))
    assert [each.score for each in by_score] == sorted(each.score for each in by_score)
