"""What marks come to, by figures that can be worked out in the head."""

from dataclasses import replace

import pytest

from content.errors import InvalidInput
from evaluation.review.marks import Marked, Reviewer
from evaluation.review.reading import Bar, check_bar, over_all, review, verdict
from tests.evaluation.review.conftest import KEY

NOTHING = Marked(None, None)


def reviewer(name: str, *pairs: tuple[int | None, int | None]) -> Reviewer:
    return Reviewer(name, tuple(Marked(*pair) for pair in pairs))


def test_a_query_counts_by_the_mean_of_its_reviewers():
    found = review([reviewer("a", (1, 5), (2, 2)), reviewer("b", (3, 5), (4, 2))])
    assert (found.base.mean, found.tuned.mean) == (2.5, 3.5)  # (2 + 3) / 2, (5 + 2) / 2
    assert found.change.difference == 1.0
    assert (found.for_tuned, found.for_base, found.equal) == (1, 1, 0)
    assert [(one.base, one.tuned) for one in found.opinions] == [(1.5, 3.5), (3.5, 3.5)]


def test_a_half_mark_moves_no_mean_and_a_query_that_nobody_marked_wholly_is_left_out():
    found = review([reviewer("a", (1, 5), (1, None), (None, None)), reviewer("b", (3, 5), (None, 5), (2, 4))])
    assert found.queries == 2
    assert (found.base.mean, found.tuned.mean) == (2.0, 4.5)
    assert [(one.whole, one.queries) for one in found.opinions] == [(1, 3), (2, 3)]


def test_reviewers_who_mark_alike_agree_and_one_alone_says_nothing_of_it():
    one = reviewer("a", (1, 5), (2, 4), (3, 3))
    assert review([one, replace(one, name="b")]).agreement == pytest.approx(1.0)
    assert review([one]).agreement is None


@pytest.mark.parametrize(
    ("gain", "tuned_first", "mark", "top"),
    [(0.8, 6, True, True), (0.79, 6, False, True), (0.8, 5, True, False), (-1.0, 0, False, False)],
)
def test_the_bar_is_met_where_both_parts_are(gain, tuned_first, mark, top):
    found = review([reviewer("a", (3, 4))])
    found = replace(found, change=replace(found.change, difference=gain))
    came = verdict(found, replace(KEY, every=True, top=replace(KEY.top, tuned=tuned_first)), Bar())
    assert (came.mark, came.top, came.passed) == (mark, top, mark and top)


def test_a_mean_that_binary_cannot_write_meets_its_own_bar():
    found = review([reviewer("a", (1, 2), (1, 2), (1, 2), (1, 2), (1, 1))])  # 0.8
    assert verdict(found, replace(KEY, every=True), Bar(mark=0.8)).mark


def test_any_right_first_document_is_more_than_none():
    found = review([reviewer("a", (1, 5))])
    assert verdict(found, replace(KEY, top=replace(KEY.top, base=0, tuned=1)), Bar()).top
    assert not verdict(found, replace(KEY, top=replace(KEY.top, base=0, tuned=0)), Bar()).top


def test_queries_whose_lists_are_the_same_thin_the_difference_out():
    found = review([reviewer("a", (1, 3))])
    assert over_all(found, KEY) == 1.0  # half of the queries' lists differ
    assert over_all(found, replace(KEY, every=True)) == 2.0


def test_the_mark_is_judged_over_all_queries_as_the_first_document_is():
    found = review([reviewer("a", (1, 3))])
    assert not verdict(found, KEY, Bar(mark=1.1)).mark  # 2.0 where lists differ, 1.0 over all
    assert verdict(found, KEY, Bar(mark=1.0)).mark
    assert verdict(found, replace(KEY, differing=KEY.queries), Bar(mark=2.0)).mark


@pytest.mark.parametrize("mark", [5.0, float("nan")])
def test_a_bar_beyond_all_marks_is_refused(mark):
    with pytest.raises(InvalidInput, match="differ by at most 4"):
        check_bar(Bar(mark=mark))


def test_a_share_that_is_no_number_is_refused():
    with pytest.raises(InvalidInput, match="a fifth more"):
        check_bar(Bar(top=float("nan")))
