"""The figures of two orders that a reader can compare by eye."""

from collections.abc import Sequence

import pytest
from support.two_judges import NOTHING

from content.errors import InvalidInput
from evaluation.ab.comparison import compare, top_one
from evaluation.ab.judging import Judged, Ordered
from evaluation.ab.question import Question, Section

GRADES = {"right": 100, "near": 20, "wrong": 0}


def section(queries: int) -> Section:
    questions = tuple(Question(str(number), "", tuple(GRADES), GRADES) for number in range(queries))
    return Section("mugs", False, 50, questions, NOTHING)


def ordered(*best_first: str, ms: float = 10.0, failed: int = 0) -> Ordered:
    return Ordered({name: 1 - place / 10 for place, name in enumerate(best_first)}, failed, ms)


def judged(name: str, orders: Sequence[Ordered]) -> Judged:
    return Judged(name, name, (tuple(orders),))


RIGHT = ordered("right", "near", "wrong")
NEAR = ordered("near", "right", "wrong")
WRONG = ordered("wrong", "near", "right")


def test_wins_losses_and_ties_are_counted_query_by_query():
    base, tuned = judged("base", [WRONG, RIGHT, NEAR, NEAR]), judged("tuned", [RIGHT, NEAR, NEAR, RIGHT])
    [found] = compare([section(4)], base, tuned, ["MRR"])
    assert (found.main.wins, found.main.losses, found.main.ties) == (2, 1, 1)
    assert found.main.base.mean == pytest.approx((1 / 3 + 1 + 1 / 2 + 1 / 2) / 4)
    assert found.main.tuned.mean == pytest.approx((1 + 1 / 2 + 1 / 2 + 1) / 4)
    assert found.main.change.difference == pytest.approx(found.main.tuned.mean - found.main.base.mean)


def test_a_first_document_can_change_for_the_better_for_the_worse_or_for_neither():
    base, tuned = [WRONG, RIGHT, NEAR, RIGHT], [NEAR, WRONG, NEAR, RIGHT]
    found = top_one(section(4), base, tuned)
    assert (found.changed, found.better, found.worse) == (2, 1, 1)
    assert (found.base, found.tuned, found.relative) == (2, 1, -0.5)


def test_growth_from_nothing_has_no_share():
    assert top_one(section(1), [WRONG], [RIGHT]).relative is None


def test_many_equal_gains_are_no_chance_and_equal_judges_are():
    both = section(12)
    [gained] = compare([both], judged("a", [WRONG] * 12), judged("b", [RIGHT] * 12))
    [same] = compare([both], judged("a", [NEAR] * 12), judged("b", [NEAR] * 12))
    assert gained.main.name == "nDCG@10"
    assert gained.main.change.p < 0.001
    assert (same.main.change.difference, same.main.change.p, same.main.ties) == (0.0, 1.0, 12)


def test_time_is_told_for_a_query_and_for_a_candidate():
    base = judged("a", [ordered(*GRADES, ms=ms) for ms in (30.0, 60.0, 300.0)])
    [found] = compare([section(3)], base, judged("b", [ordered(*GRADES, failed=1)] * 3))
    assert found.base.latency.median == 60.0
    assert found.base.pair_ms == pytest.approx(390 / 9)
    assert (found.base.failed, found.tuned.failed) == (0, 3)


def test_a_query_without_a_right_candidate_is_told():
    question = Question("q", "", ("a", "b"), {"a": 49, "elsewhere": 100})
    only = Section("s", False, 50, (question,), NOTHING)
    [found] = compare([only], judged("a", [ordered("a", "b")]), judged("b", [ordered("a", "b")]))
    assert found.unanswered == 1


def test_a_comparison_by_nothing_is_refused():
    with pytest.raises(InvalidInput, match="no measure to compare by"):
        compare([section(1)], judged("a", [RIGHT]), judged("b", [RIGHT]), [])
