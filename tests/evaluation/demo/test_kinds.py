"""Shares per kind, counted by hand."""

from evaluation.demo.kinds import Tally, by_kind
from evaluation.demo.outcome import Judged, NearDuplicate, outcome
from evaluation.demo.plan import Plan
from measures.metrics import share


def one(*found: tuple[str, float]):
    near = {
        "swap": NearDuplicate("swap", held_out=True),
        "flip": NearDuplicate("flip", held_out=True),
        "known swap": NearDuplicate("swap", held_out=False),
    }
    return outcome("right", near, [Judged(*each) for each in found], Plan(len(found), len(found)))


def test_cases_are_pairs_of_query_and_near_duplicate_among_the_candidates():
    outcomes = [
        one(("swap", 0.1), ("right", 0.9), ("flip", 0.95)),
        one(("right", 0.9), ("swap", 0.1)),
        one(("far", 0.3), ("swap", 0.2)),
    ]
    assert by_kind(outcomes) == {
        "swap": Tally(3, share([0, 1, 0]), share([1, 1, 0])),
        "flip": Tally(1, share([1]), share([0])),
    }


def test_rivals_that_show_a_held_out_pair_are_counted_apart_from_those_that_show_none():
    outcomes = [one(("swap", 0.9), ("right", 0.5), ("known swap", 0.1)), one(("right", 0.5), ("known swap", 0.9))]
    assert by_kind(outcomes)["swap"] == Tally(3, share([0, 1, 1]), share([0, 1, 0]))
    assert by_kind(outcomes, held_out=True) == {"swap": Tally(1, share([0]), share([0]))}
    assert by_kind(outcomes, held_out=False) == {"swap": Tally(2, share([1, 1]), share([1, 0]))}


def test_kinds_that_nobody_met_are_left_out():
    assert by_kind([one(("right", 0.9))]) == {}
