"""What two instructions make of one query: which hits move, and how well each tells the candidates apart. Plain
values; knows neither how they were judged nor how they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reranker.ranking import TIE, YES
from search.answer import Answer, Hit


@dataclass(frozen=True, slots=True)
class Separation:
    """How far apart the scores of an answer lie. What was not judged counts for nothing.

    judged: how many. yes: how many of them have a score above 0.5. lowest, highest: of the scores; 0 where there are
    none. margin: the first's score minus the second's, None where there are no two. low_discrimination: the answer
    carries that warning: all scores are nearly the same.
    """

    judged: int
    yes: int
    lowest: float
    highest: float
    margin: float | None
    low_discrimination: bool

    @property
    def spread(self) -> float:
        return self.highest - self.lowest


@dataclass(frozen=True, slots=True)
class Change:
    """One hit on both sides; None where a side does not have it.

    climbed: places it stands higher in the second answer than in the first, below 0 where it stands lower. gained: the
    second score minus the first.
    """

    climbed: int | None
    gained: float | None

    @property
    def differs(self) -> bool:
        """It stands elsewhere, or its scores are further apart than arithmetic alone may move them."""
        return self.climbed != 0 or self.gained is None or abs(self.gained) >= TIE


@dataclass(frozen=True, slots=True)
class Comparison:
    """first, second: how well each answer separates. changes: by id, of all hits of either."""

    first: Separation
    second: Separation
    changes: Mapping[str, Change]

    @property
    def moved(self) -> int:
        """How many hits stand elsewhere."""
        return sum(change.climbed != 0 for change in self.changes.values())

    @property
    def rescored(self) -> int:
        """How many hits have another score, by `TIE` or more."""
        return sum(change.gained is None or abs(change.gained) >= TIE for change in self.changes.values())


def compare(first: Answer, second: Answer) -> Comparison:
    """Of two uncut answers of stage 2 with plain scores, to the same query."""
    ones, others = _by_id(first.hits), _by_id(second.hits)
    changes = {each: _change(ones.get(each), others.get(each)) for each in ones | others}
    return Comparison(separation(first), separation(second), changes)


def separation(answer: Answer) -> Separation:
    """Of an uncut answer of stage 2 with plain scores."""
    scores = [hit.score for hit in answer.hits if hit.judged and hit.error is None]
    low = any(warning.startswith("low_discrimination:") for warning in answer.warnings)
    yes = sum(score > YES for score in scores)
    return Separation(len(scores), yes, min(scores, default=0.0), max(scores, default=0.0), answer.margin, low)


def _by_id(hits: Sequence[Hit]) -> dict[str, Hit]:
    return {hit.id: hit for hit in hits}


def _change(one: Hit | None, other: Hit | None) -> Change:
    if one is None or other is None:
        return Change(None, None)
    return Change(one.rank - other.rank, other.score - one.score)
