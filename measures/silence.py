"""Whether the verdict stays silent where nothing answers the query. Knows no models: the highest scores go in."""

from collections.abc import Sequence

from measures.calibration import THRESHOLD
from measures.metrics import Estimate, share


def silence(highest: Sequence[float]) -> Estimate:
    """The share of queries without a hit above `THRESHOLD`. highest: each query's highest P(yes)."""
    return share([score <= THRESHOLD for score in highest])
