"""Whether several people who marked the same things agree. Knows no people: their marks go in."""

from collections.abc import Sequence
from typing import Final, Literal

import krippendorff
import numpy as np
from numpy.typing import NDArray

Level = Literal["nominal", "ordinal", "interval"]
"""What a difference between two marks means: other or not, so many ranks apart, or so far apart."""

RELIABLE: Final = 0.8
TENTATIVE: Final = 2 / 3
"""Krippendorff, Content Analysis, 4th edition 2019, section 12.4: rely on data from 0.800, and draw none but tentative
conclusions from 0.667."""


def alpha(marks: NDArray[np.float64], values: Sequence[float], level: Level = "ordinal") -> float | None:
    """Krippendorff's alpha: 1 where all agree, 0 where they agree as chance would have it, below 0 where less.

    marks: (people, things), NaN where somebody gave none. values: all that could be given, rising. None: nothing can be
    said, because no thing has two marks, or because all those marks are the same one.
    """
    pairable = marks[:, np.sum(~np.isnan(marks), axis=0) > 1]
    given = pairable[~np.isnan(pairable)]
    if len(np.unique(given)) < 2:
        return None
    return float(krippendorff.alpha(pairable, value_domain=list(values), level_of_measurement=level))


def meaning(value: float | None) -> str:
    """A sentence for people."""
    if value is None:
        return "Nothing can be said of agreement: it takes two reviewers of the same lists, and marks that differ."
    if value >= RELIABLE:
        return "The reviewers agree well: their marks can be relied on."
    if value >= TENTATIVE:
        return "The reviewers agree fairly: conclusions are tentative."
    if value > 0:
        return "The reviewers agree little: agree first on what a good answer is, then mark again."
    return "The reviewers agree no better than chance: they do not mark the same thing."
