"""Shares per kind, counted by hand."""

from evaluation.kinds import Tally, by_kind
from evaluation.outcome import Judged, outcome
from evaluation.plan import Plan


def one(*found: tuple[str, float]):
    kinds = {"swap": "swap", "flip": "flip"}
    return outcome("right", kinds, [Judged(*each) for each in found], Plan(len(found), len(found)))


def test_cases_are_pairs_of_query_and_near_duplicate_among_the_candidates():
    outcomes = [
        one(("swap", 0.1), ("right", 0.9), ("flip", 0.95)),
        one(("right", 0.9), ("swap", 0.1)),
        one(("far", 0.3), ("swap", 0.2)),
    ]
    assert by_kind(outcomes) == {"swap": Tally(3, 1 / 3, 2 / 3), "flip": Tally(1, 1.0, 0.0)}


def test_kinds_that_nobody_met_are_left_out():
    assert by_kind([one(("right", 0.9))]) == {}
