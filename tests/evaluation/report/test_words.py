"""The sentences of a report say who is ahead, by how much, and whether that may be chance."""

from evaluation.report.figures import figures
from evaluation.report.words import chance, counted, verdict
from measures.significance import Significance
from tests.evaluation.report.made_up import broken, evaluation, repaired, same


def many(make, number: int = 40):
    return [make(f"q{place}") for place in range(number)]


def test_a_clear_gain_is_stage_2s_and_hardly_chance():
    found = figures(evaluation(*many(repaired)))
    assert verdict(found).startswith("Stage 2 ranks better. With stage 2 over 3 candidates nDCG@10 is 1.000")
    assert "0.500: higher by 0.500" in verdict(found)
    assert found.test is not None
    assert "hardly chance" in chance(found.test, 40)
    assert "fewer than 1 in 1,000" in chance(found.test, 40)
    assert counted(found) == "Stage 2 made 40 of 40 queries better and 0 worse; 0 are as good."


def test_a_clear_loss_is_stage_1s():
    told = verdict(figures(evaluation(*many(broken))))
    assert told.startswith("Stage 1 ranks better.")
    assert "lower by 0.500" in told


def test_a_small_gain_on_few_queries_is_not_called_sure():
    found = figures(evaluation(repaired(), same()))
    assert "not clearly" in verdict(found)
    assert found.test is not None
    assert "may be chance" in chance(found.test, 2)


def test_level_stages_are_level():
    assert "level" in verdict(figures(evaluation(*many(same, 3))))


def test_how_often_chance_does_it_is_told_in_whole_numbers():
    assert "about 1 in 50 evaluations" in chance(Significance(0.1, 0.0, 0.2, 0.02), 10)
    assert "about 5 in 10 evaluations" in chance(Significance(0.1, -0.1, 0.2, 0.5), 10)
