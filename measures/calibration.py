"""Whether P(yes) is the share of matches among what is given that score. Knows no models: verdicts go in."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10
THRESHOLD = 0.5
"""P(yes) above it is a yes."""
_EDGES = [number / BINS for number in range(1, BINS)]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One judged pair. match: whether the document answers the query. score: P(yes), in [0, 1]."""

    match: bool
    score: float


@dataclass(frozen=True, slots=True)
class Bin:
    """The pairs scored in (low, high]; the first bin has 0.0 too. score: their mean. matches: the share that match."""

    low: float
    high: float
    pairs: int
    score: float
    matches: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well scores and matches agree.

    error: expected calibration error, the sum over ten bins of equal width of |bin| / n * |matches(bin) - score(bin)|
    (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, equation 3; P(yes) is the confidence that the
    pair matches). brier: mean of (score - match)^2 (Brier 1950). accuracy: the share on the right side of `THRESHOLD`.
    bins: those that are not empty.
    """

    pairs: int
    error: float
    brier: float
    accuracy: float
    bins: tuple[Bin, ...]


def calibration(verdicts: Sequence[Verdict]) -> Calibration:
    """Raises ValueError for no verdicts."""
    if not verdicts:
        raise ValueError("calibration needs at least one verdict")
    size = len(verdicts)
    bins = _bins(verdicts)
    return Calibration(
        pairs=size,
        error=sum(one.pairs / size * abs(one.matches - one.score) for one in bins),
        brier=sum((one.score - one.match) ** 2 for one in verdicts) / size,
        accuracy=sum((one.score > THRESHOLD) == one.match for one in verdicts) / size,
        bins=bins,
    )


def _bins(verdicts: Sequence[Verdict]) -> tuple[Bin, ...]:
    sorted_in: dict[int, list[Verdict]] = {}
    for verdict in verdicts:
        sorted_in.setdefault(bisect_left(_EDGES, verdict.score), []).append(verdict)
    return tuple(
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            pairs=len(inside),
            score=sum(one.score for one in inside) / len(inside),
            matches=sum(one.match for one in inside) / len(inside),
        )
        for number, inside in sorted(sorted_in.items())
    )
