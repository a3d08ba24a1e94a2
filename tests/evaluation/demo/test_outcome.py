"""What a query came to, on candidates that a reader can order in the head."""

import pytest

from content.errors import InvalidInput
from evaluation.demo.outcome import Judged, NearDuplicate, Rival, outcome, rank_by_score
from evaluation.demo.plan import Plan

FOUND = [Judged("swap", 0.4), Judged("right", 0.9), Judged("far", 0.1), Judged("count", 0.95)]
SWAP = NearDuplicate("swap", held_out=True)
NEAR = {"swap": SWAP, "count": NearDuplicate("count", held_out=False), "flip": NearDuplicate("flip", held_out=True)}


def test_each_stage_orders_the_same_candidates_by_itself():
    one = outcome("right", NEAR, FOUND, Plan(candidates=4, depth=3))
    assert (one.rank1, one.ranks2) == (2, {3: 1})
    assert (one.first1, one.first2) == (FOUND[0], FOUND[1])
    assert one.score == 0.9


def test_a_shallower_depth_judges_only_the_first_of_stage_1():
    found = [*FOUND, *(Judged(f"far {n}", 0.99) for n in range(8))]
    ranks = outcome("right", NEAR, found, Plan(candidates=12, depth=3)).ranks2
    assert ranks == {3: 1, 10: 2 + 6}


def test_equal_scores_go_against_the_right_item_wherever_it_stands():
    tied = [Judged("right", 0.5), Judged("a", 0.5), Judged("z", 0.5), Judged("low", 0.4)]
    for found in (tied, tied[::-1]):
        assert rank_by_score(found, "right") == 3
        assert outcome("right", {}, found, Plan(4, 4)).first2.id != "right"
        assert outcome("right", {"a": SWAP}, found, Plan(4, 4)).rivals[0].beaten2 is False


def test_the_right_item_is_above_near_duplicates_in_the_stage_that_says_so():
    one = outcome("right", NEAR, FOUND, Plan(4, 4))
    assert one.rivals == (Rival("swap", True, False, True), Rival("count", False, True, False))  # flip was not recalled


def test_a_right_item_that_was_not_recalled_has_no_place_and_beats_nothing():
    one = outcome("elsewhere", {"swap": SWAP}, FOUND, Plan(4, 4))
    assert (one.rank1, one.ranks2, one.score) == (None, {4: None}, None)
    assert one.rivals == (Rival("swap", True, False, False),)


def test_with_the_right_item_struck_out_the_next_candidate_moves_up():
    assert outcome("right", {}, FOUND, Plan(candidates=4, depth=3)).other == 0.95
    assert outcome("right", {}, FOUND, Plan(candidates=4, depth=2)).other == 0.4
    assert outcome("right", {}, [Judged("right", 0.9)], Plan(1, 1)).other == 0.0


def test_depths_end_with_the_candidates_and_hold_the_main_one():
    assert Plan(100, 50).depths == (10, 20, 50, 100)
    assert Plan(60, 30).depths == (10, 20, 30, 50)
    with pytest.raises(InvalidInput, match="depth of 50 needs as many candidates, and --candidates is 20"):
        Plan(20, 50)
