"""Scores that are none: strings, booleans, other scales. Knows one score at a time."""

import math
import re
from collections.abc import Iterator
from typing import Final

from reranker.examples.checks.finding import Fault, shown
from reranker.examples.checks.kinds import SCORE_RANGE, SCORE_SCALE, SCORE_TYPE

_NUMBER: Final = re.compile(r"\s*(-?\d{1,12}(?:\.\d{0,12})?)\s*(%?)\s*", re.ASCII)
_ROUNDED: Final = 1.001  # what sums of weights come to
_SCALES: Final = (
    (5.0, "a mark from 1 to 5: subtract 1 and divide by 4"),
    (10.0, "a mark out of 10: divide by 10"),
    (100.0, "percent: divide by 100"),
)


def score_faults(value: object) -> Iterator[Fault]:
    """Nothing for a number from 0 to 1."""
    if isinstance(value, bool):
        yield Fault(SCORE_TYPE, f"the score is {str(value).lower()}; write {int(value)}, or call the field label")
    elif isinstance(value, str):
        number = number_in(value)
        hint = "a score is a number from 0 to 1" if number is None else f"write {number:g} without quotation marks"
        yield Fault(SCORE_TYPE, f"the score is the text {shown(value)}; {hint}")
    elif not isinstance(value, int | float):
        yield Fault(SCORE_TYPE, "the score is null" if value is None else "the score is a list or an object")
    elif not 0 <= value <= 1:
        yield _out_of_range(value)


def number_in(text: str) -> float | None:
    """The number that a text writes, percent divided by 100; None where it writes no other thing than a number."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    return float(found[1]) / 100 if found[2] else float(found[1])


def _out_of_range(value: float) -> Fault:
    written = shown(repr(value), 20)[1:-1]
    if not isinstance(value, int) and not math.isfinite(value):
        return Fault(SCORE_RANGE, f"the score is {written}, which is no number")
    if value < 0:
        return Fault(SCORE_RANGE, f"the score is {written}; logits and cosines are no scores")
    if value < _ROUNDED:
        return Fault(SCORE_RANGE, f"the score is {written}, a little over 1: round it")
    for top, meaning in _SCALES:
        if value <= top:
            return Fault(SCORE_SCALE, f"{written} looks like {meaning}")
    return Fault(SCORE_RANGE, f"the score is {written}; it is a number from 0 to 1")
