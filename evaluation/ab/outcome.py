"""What a comparison comes to, in a sentence and in a yes or no. Knows no judge and no measure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evaluation.ab.comparison import Compared

Standing = Literal["better", "worse", "undecided", "held", "lost"]
"""Of a section: where something is to be won, `better`, `worse` or `undecided`; of a guard, `held` or `lost`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """significance: p below it is no chance. max_loss: what a guard may lose of the deciding measure, in the mean."""

    significance: float = 0.05
    max_loss: float = 0.02


@dataclass(frozen=True, slots=True)
class Outcome:
    """better: TUNED is better in every section that is no guard, and no guard lost too much. standings: one for each
    section, in their order. sentence: for people."""

    better: bool
    standings: tuple[Standing, ...]
    sentence: str


def outcome(compared: Sequence[Compared], rule: Rule, name: str) -> Outcome:
    """name: of TUNED."""
    standings = tuple(standing(one, rule) for one in compared)
    parts = [_told(one, found, rule, name) for one, found in zip(compared, standings, strict=True)]
    return Outcome(all(found in ("better", "held") for found in standings), standings, _sentence(parts))


def _sentence(parts: Sequence[str]) -> str:
    joined = "; ".join(parts)
    return f"O{joined[1:]}." if joined.startswith("on ") else f"{joined}."  # a model's name keeps its letters


def standing(one: Compared, rule: Rule) -> Standing:
    change = one.main.change
    if one.guard:
        return "held" if change.difference >= -rule.max_loss else "lost"
    if change.p >= rule.significance or not change.difference:
        return "undecided"
    return "better" if change.difference > 0 else "worse"


def _told(one: Compared, found: Standing, rule: Rule, name: str) -> str:
    change = one.main.change
    if one.guard:
        return f"on {one.name} it {_kept(one, rule)}"
    figures = f"{one.main.name} {signed(change.difference)} ({signed(change.low)} to {signed(change.high)})"
    if found == "undecided":
        return f"on {one.name} {name} differs by no more than chance would: {figures}, p = {change.p:.4f}"
    return f"{name} is {found} on {one.name}: {figures}, p = {change.p:.4f}"


def _kept(one: Compared, rule: Rule) -> str:
    change, allowed = one.main.change, f"the allowed {rule.max_loss:g}"
    if change.difference < -rule.max_loss:
        return f"loses {-change.difference:.3f}, more than {allowed}"
    lost = f"loses {-change.difference:.3f}, within {allowed}" if change.difference < 0 else "loses nothing"
    if change.difference >= 0:
        lost += f" ({signed(change.difference)})"
    if change.low < -rule.max_loss:
        lost += f", though its interval reaches to a loss of {-change.low:.3f}: more queries would tell"
    return lost


def signed(value: float) -> str:
    """With three places and its sign; nothing is +0.000."""
    return f"{value if round(value, 3) else 0.0:+.3f}"
