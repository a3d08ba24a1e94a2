"""What a report says of an evaluation, checked against values that are plain from the orders."""

import pytest

from content.errors import InvalidInput
from evaluation.report.figures import MAIN, figures
from tests.evaluation.report.made_up import answered, broken, evaluation, repaired, same


def test_each_system_has_its_measures_and_the_time_that_its_candidates_took():
    found = figures(evaluation(repaired(), same()))
    by_name = {one.name: one for one in found.systems}
    assert list(by_name) == ["stage 1", "stage 2 @ 2", "stage 2 @ 3"]
    assert by_name["stage 1"].estimates[MAIN].mean == pytest.approx(0.75)
    assert by_name["stage 2 @ 2"].estimates[MAIN].mean == pytest.approx(0.75)  # the right one lies third
    assert by_name["stage 2 @ 3"].estimates[MAIN].mean == pytest.approx(1)
    assert by_name["stage 1"].milliseconds == pytest.approx(2)
    # 2 of 3 candidates, and 2 of 2: the median of two is their mean
    assert by_name["stage 2 @ 2"].milliseconds == pytest.approx(2 + (100 * 2 / 3 + 100) / 2)


def test_queries_are_told_apart_by_what_stage_2_made_of_them():
    found = figures(evaluation(same(), broken(), repaired()))
    assert [one.answered.id for one in found.repaired] == ["repaired"]
    assert [one.answered.id for one in found.broken] == ["broken"]
    assert [one.answered.id for one in found.worst] == ["broken"]
    assert found.broken[0].gain == pytest.approx(-0.5)


def test_the_lists_begin_with_the_greatest_change_and_end_after_ten():
    worse = answered("worse", {"d2": 1}, [("d2", 0.1), ("d0", 0.2), ("d1", 0.3), ("d3", 0.4)])
    found = figures(evaluation(*(broken(f"b{n}") for n in range(20)), worse, depths=(4,)))
    assert found.broken[0].answered.id == "worse"
    assert len(found.broken) == len(found.worst) == 10


def test_without_stage_2_nothing_is_compared():
    found = figures(evaluation(repaired(), depths=()))
    assert found.test is None
    assert not found.repaired
    assert [one.answered.id for one in found.worst] == ["repaired"]


def test_without_times_none_are_made_up():
    untimed = [type(one)(one.id, one.grades, one.candidates, recall_ms=0, rerank_ms=0) for one in (repaired(), same())]
    assert {one.milliseconds for one in figures(evaluation(*untimed)).systems} == {None}


def test_a_grade_below_the_least_relevant_one_counts_for_ndcg_only():
    query = answered("graded", {"d0": 10, "d1": 90}, [("d0", 0.1), ("d1", 0.9)])
    (first, *_) = figures(evaluation(query), relevant=50).systems
    assert first.estimates["MRR"].mean == pytest.approx(0.5)
    assert first.estimates[MAIN].mean > 0.6


def test_no_queries_are_refused_in_a_sentence():
    with pytest.raises(InvalidInput, match="without queries"):
        figures(evaluation())
