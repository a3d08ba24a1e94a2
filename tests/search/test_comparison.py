"""Two instructions on one query: who moved, and how well each tells the candidates apart."""

import pytest

from search.answer import Answer, Hit, Retrieval, Timings
from search.comparison import compare, separation

WARNING = "low_discrimination: all 2 scores lie between 0.100 and 0.120, so their order says little"


def answer(*scores: tuple[str, float | None], margin: float | None = None, warnings: tuple[str, ...] = ()) -> Answer:
    """Hits in this order; a score of None stands for one that could not be judged."""
    hits = tuple(
        Hit(
            rank=place,
            id=name,
            score=score or 0.0,
            retrieval=Retrieval(place, 0.1, ()),
            text=name,
            has_image=False,
            metadata={},
            judged=True,
            error="no picture" if score is None else None,
        )
        for place, (name, score) in enumerate(scores, start=1)
    )
    return Answer(hits, True, "toy", 1, None, margin, warnings, Timings(0, 0, 0, 0))


def test_a_hit_that_stands_higher_has_climbed_and_the_one_it_passed_has_fallen():
    both = compare(answer(("mug", 0.9), ("bag", 0.4), ("hat", 0.1)), answer(("bag", 0.8), ("mug", 0.6), ("hat", 0.1)))
    assert {name: change.climbed for name, change in both.changes.items()} == {"mug": -1, "bag": 1, "hat": 0}
    assert both.changes["bag"].gained == pytest.approx(0.4)
    assert [name for name, change in both.changes.items() if change.differs] == ["mug", "bag"]
    assert (both.moved, both.rescored) == (2, 2)


def test_a_score_that_arithmetic_alone_may_move_so_far_is_no_other_score():
    both = compare(answer(("mug", 0.9), ("bag", 0.4)), answer(("mug", 0.904), ("bag", 0.41)))
    assert {name: change.differs for name, change in both.changes.items()} == {"mug": False, "bag": True}
    assert (both.moved, both.rescored) == (0, 1)


def test_a_hit_that_one_side_lacks_differs():
    both = compare(answer(("mug", 0.9)), answer(("mug", 0.9), ("new", 0.5)))
    assert both.changes["new"].climbed is None
    assert both.changes["new"].differs
    assert not both.changes["mug"].differs


def test_the_separation_is_of_what_was_judged():
    told = separation(answer(("a", 0.9), ("b", 0.6), ("c", 0.5), ("d", 0.2), ("broken", None), margin=0.3))
    assert (told.judged, told.yes, told.lowest, told.highest, told.margin) == (4, 2, 0.2, 0.9, 0.3)
    assert told.spread == pytest.approx(0.7)
    assert not told.low_discrimination


def test_an_answer_that_warns_of_scores_that_hardly_differ_says_so_here():
    assert separation(answer(("a", 0.12), ("b", 0.1), warnings=(WARNING,))).low_discrimination
    assert not separation(answer(("a", 0.12), warnings=("truncated: one text was cut",))).low_discrimination


def test_nothing_judged_separates_nothing():
    told = separation(answer(("broken", None)))
    assert (told.judged, told.yes, told.spread, told.margin) == (0, 0, 0.0, None)
