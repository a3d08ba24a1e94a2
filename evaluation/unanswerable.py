"""Whether the verdict stays silent where nothing answers the query. Knows no models: the highest scores go in."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.metrics import Estimate, share

THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Foreign:
    """A query that nothing in the catalogue answers, and the highest P(yes) among its first candidates."""

    text: str
    highest: float


def silence(highest: Sequence[float]) -> Estimate:
    """The share of queries without a hit above 0.5. highest: each query's highest P(yes)."""
    return share([score <= THRESHOLD for score in highest])
