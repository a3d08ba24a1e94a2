"""What the marks of a review come to, and whether they meet a bar. Knows no files."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from content.errors import InvalidInput
from evaluation.review.key import Key
from evaluation.review.marks import MARKS, Reviewer
from measures.agreement import alpha
from measures.metrics import Estimate, estimate
from measures.significance import Significance, paired

ENOUGH: Final = 3
"""Reviewers whose marks can be told from one person's taste."""

_SLACK: Final = 1e-9  # a mean of 0.8 in binary must meet a bar of 0.8


@dataclass(frozen=True, slots=True)
class Bar:
    """What TUNED must reach, over all queries of the data. mark: by how much its mean mark is higher. top: by which
    share of BASE's the queries are more whose first document is right."""

    mark: float = 0.8
    top: float = 0.2


@dataclass(frozen=True, slots=True)
class Opinion:
    """One reviewer's means, over the queries with both marks; whole: how many these are, of `queries`."""

    name: str
    whole: int
    queries: int
    base: float
    tuned: float


@dataclass(frozen=True, slots=True)
class Review:
    """base, tuned: mean marks, from 1 to 5, over queries that somebody marked wholly, each query's being the mean of
    its reviewers. change: TUNED less BASE. for_tuned, for_base, equal: queries by whose mean is higher. agreement:
    Krippendorff's alpha over all lists, ordinal; None where nothing can be said."""

    queries: int
    base: Estimate
    tuned: Estimate
    change: Significance
    for_tuned: int
    for_base: int
    equal: int
    agreement: float | None
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """mark, top: whether each part of the bar is met; all must be."""

    mark: bool
    top: bool

    @property
    def passed(self) -> bool:
        return self.mark and self.top


def review(reviewers: Sequence[Reviewer]) -> Review:
    """reviewers: each of the same queries, each with one whole mark at least."""
    base, tuned = _table(reviewers, "base"), _table(reviewers, "tuned")
    lists = np.concatenate([base, tuned], axis=1)
    whole = ~np.isnan(base) & ~np.isnan(tuned)
    marked = whole.any(axis=0)
    before, after = (_means(table, whole)[marked] for table in (base, tuned))
    return Review(
        queries=int(marked.sum()),
        base=estimate(before),
        tuned=estimate(after),
        change=paired(before, after),
        for_tuned=int((after > before + _SLACK).sum()),
        for_base=int((before > after + _SLACK).sum()),
        equal=int((np.abs(after - before) <= _SLACK).sum()),
        agreement=alpha(lists, MARKS),
        opinions=tuple(
            Opinion(
                one.name,
                one.whole,
                len(one.marks),
                float(base[row][whole[row]].mean()),
                float(tuned[row][whole[row]].mean()),
            )
            for row, one in enumerate(reviewers)
        ),
    )


def verdict(found: Review, key: Key, bar: Bar) -> Verdict:
    top = key.top
    grown = top.tuned - top.base * (1 + bar.top) >= -_SLACK if top.base else top.tuned > 0 or bar.top <= 0
    return Verdict(over_all(found, key) >= bar.mark - _SLACK, grown)


def over_all(found: Review, key: Key) -> float:
    """The difference of the mean mark over all queries of the data, where lists that are the same get the same mark."""
    return found.change.difference * key.differing / key.queries if key.thinned else found.change.difference


def check_bar(bar: Bar) -> None:
    """Raises InvalidInput for a bar that no marks could meet."""
    if not abs(bar.mark) <= MARKS[-1] - MARKS[0]:
        raise InvalidInput(
            f"mean marks differ by at most {MARKS[-1] - MARKS[0]}, not by {bar.mark:g}", param="--bar-mark"
        )
    if not math.isfinite(bar.top):
        raise InvalidInput("a share is a number: 0.2 is a fifth more", param="--bar-top")


def _table(reviewers: Sequence[Reviewer], system: str) -> NDArray[np.float64]:
    """(reviewers, queries), NaN where there is no mark."""
    return np.array([[getattr(mark, system) for mark in one.marks] for one in reviewers], dtype=np.float64)


def _means(marks: NDArray[np.float64], whole: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(queries,): of those reviewers who gave both marks; 0 where nobody did."""
    given = np.where(whole, marks, 0.0)
    means: NDArray[np.float64] = given.sum(axis=0) / np.maximum(1, whole.sum(axis=0))
    return means
