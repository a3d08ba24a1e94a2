"""Whether stage 2 differs from stage 1 by more than chance. Knows nothing of runs: values per query go in."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import permutation_test

from measures.metrics import PerQuery, estimate

RESAMPLES: Final = 9999
_BATCH: Final = 500  # resamples in memory at a time


@dataclass(frozen=True, slots=True)
class Significance:
    """difference: mean over queries of stage 2 less stage 1; low, high: its 95 % interval, of the percentile bootstrap
    over these differences. p: two-sided, in (0, 1]; never below 2 / (RESAMPLES + 1)."""

    difference: float
    low: float
    high: float
    p: float


def paired(stage1: PerQuery, stage2: PerQuery, *, seed: int = 0) -> Significance:
    """Fisher's paired randomisation test (Smucker, Allan and Carterette, CIKM 2007).

    If the stages were alike, either of a query's two values could be either stage's; exchanging them turns the sign of
    the difference. Queries without one have no sign to turn, so the others alone are tested: where they are few, every
    pattern of signs is counted, else a sample. stage1, stage2: (queries,), of the same queries in the same order.
    """
    differences = stage2 - stage1
    mean = estimate(differences, seed=seed)
    changed = differences[differences != 0]
    if len(changed) < 2:
        return Significance(mean.mean, mean.low, mean.high, p=1.0)  # either sign is as far from zero
    test = permutation_test(
        (changed,),
        _mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=_BATCH,
        rng=np.random.default_rng(seed),
    )
    return Significance(mean.mean, mean.low, mean.high, float(test.pvalue))


def _mean(values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    return np.asarray(values.mean(axis=axis))
