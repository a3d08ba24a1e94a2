"""The sentence and the verdict for differences that are given."""

from dataclasses import replace

import pytest

from evaluation.ab.comparison import Compared, Cost, Figure, TopOne
from evaluation.ab.outcome import Rule, outcome
from evaluation.quality.figures import Latency
from measures.metrics import Estimate
from measures.significance import Significance

COST = Cost(Latency(1.0, 1.0), 1.0, 0)
MEAN = Estimate(0.5, 0.4, 0.6)


def compared(difference: float, p: float, *, guard: bool = False, low: float | None = None) -> Compared:
    low = difference - 0.01 if low is None else low
    figure = Figure("nDCG@10", MEAN, MEAN, Significance(difference, low, difference + 0.01, p), 1, 1, 1)
    name = "old.jsonl" if guard else "new.jsonl"
    return Compared(name, guard, 3, 9, 0, (figure,), TopOne(3, 0, 0, 0, 1, 1), COST, COST)


def test_a_gain_that_is_no_chance_with_a_small_loss_in_the_old_domain_is_better():
    found = outcome([compared(0.21, 0.0002), compared(-0.004, 0.6, guard=True)], Rule(), "tuned")
    assert found.better
    assert found.sentence == (
        "tuned is better on new.jsonl: nDCG@10 +0.210 (+0.200 to +0.220), p = 0.0002; "
        "on old.jsonl it loses 0.004, within the allowed 0.02."
    )


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ([compared(0.21, 0.2)], "On new.jsonl tuned differs by no more than chance would: nDCG@10 +0.210"),
        ([compared(0.0, 0.0002)], "differs by no more than chance"),
        ([compared(-0.21, 0.0002)], "tuned is worse on new.jsonl: nDCG@10 -0.210"),
        ([compared(0.21, 0.0002), compared(-0.03, 0.6, guard=True)], "it loses 0.030, more than the allowed 0.02."),
        ([compared(0.21, 0.0002), replace(compared(0.0, 1.0), name="third.jsonl")], "on third.jsonl tuned differs by"),
    ],
)
def test_anything_less_is_not_better_and_the_sentence_says_why(sections, said):
    found = outcome(sections, Rule(), "tuned")
    assert not found.better
    assert said in found.sentence


def test_a_guard_whose_interval_reaches_beyond_the_allowed_loss_is_held_and_told():
    found = outcome([compared(0.21, 0.0002), compared(-0.01, 0.6, guard=True, low=-0.05)], Rule(), "tuned")
    assert found.better
    assert found.sentence.endswith("though its interval reaches to a loss of 0.050: more queries would tell.")


def test_a_guard_that_gains_loses_nothing():
    found = outcome([compared(0.21, 0.0002), compared(0.01, 0.6, guard=True)], Rule(), "tuned")
    assert found.sentence.endswith("on old.jsonl it loses nothing (+0.010).")


def test_the_rule_can_be_stricter():
    assert not outcome([compared(0.21, 0.02)], Rule(significance=0.01), "tuned").better
    assert not outcome([compared(0.2, 0.001), compared(-0.004, 1, guard=True)], Rule(max_loss=0.0), "tuned").better
