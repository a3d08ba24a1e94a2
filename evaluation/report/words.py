"""The figures of a report in plain sentences. Knows no HTML; system names are its only names."""

from evaluation.report.figures import MAIN, Figures
from measures.significance import Significance

SURE = 0.05
"""The largest p that is called more than chance."""


def verdict(figures: Figures) -> str:
    """Who wins, and by how much."""
    first, last = figures.systems[0], figures.systems[-1]
    test = figures.test
    if test is None:
        return f"Stage 1 alone was measured: its {MAIN} is {first.estimates[MAIN].mean:.3f}."
    before, after = first.estimates[MAIN].mean, last.estimates[MAIN].mean
    if test.difference == 0:
        return f"Stage 1 and stage 2 are level: {MAIN} is {before:.3f} with either."
    winner, how = ("Stage 2", "higher") if test.difference > 0 else ("Stage 1", "lower")
    sure = "ranks better" if test.p <= SURE else "is ahead, though not clearly"
    return (
        f"{winner} {sure}. With stage 2 over {last.depth:,} candidates {MAIN} is {after:.3f}, with stage 1 alone "
        f"{before:.3f}: {how} by {abs(test.difference):.3f}."
    )


def chance(test: Significance, queries: int) -> str:
    """What the significance test says, for readers who know no statistics."""
    interval = f"The true difference lies between {test.low:+.3f} and {test.high:+.3f} with 95 % confidence"
    over = f"(paired randomisation test over {queries:,} {'query' if queries == 1 else 'queries'}, p = {test.p:.4f})"
    if test.p > SURE:
        return (
            f"{interval}. This may be chance: were the two stages equally good, a difference of this size would still "
            f"come up in {_often(test.p)} evaluations {over}. More queries would tell."
        )
    return (
        f"{interval}. This is hardly chance: were the two stages equally good, a difference of this size would come up "
        f"in {_often(test.p)} evaluations {over}."
    )


def counted(figures: Figures) -> str:
    """How many queries stage 2 made better and worse."""
    better, worse = sum(one.gain > 0 for one in figures.cases), sum(one.gain < 0 for one in figures.cases)
    same = len(figures.cases) - better - worse
    return (
        f"Stage 2 made {better:,} of {len(figures.cases):,} queries better and {worse:,} worse; {same:,} are as good."
    )


def seconds(milliseconds: float) -> str:
    """A time as people read it."""
    return f"{milliseconds / 1000:.2f} s" if milliseconds >= 1000 else f"{milliseconds:.3g} ms"


def _often(p: float) -> str:
    if p < 0.001:
        return "fewer than 1 in 1,000"
    return f"about 1 in {round(1 / p):,}" if p < 0.3 else f"about {round(10 * p)} in 10"
