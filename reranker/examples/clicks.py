"""Clicks become graded examples. Knows nothing of files or models.

Users click on what they have looked at, and look less the lower it stands: a click is as likely as the document is
looked at times how well it answers (the position-based model; Joachims, Swaminathan and Schnabel, "Unbiased
learning-to-rank with biased feedback", WSDM 2017). With

    look(k) = max(k ** -eta, floor)           how likely the result at position k is looked at; clipped, as there

an impression tells click / look(k) of how well the document answers: right on average, and the surer the likelier the
look. The mean over the impressions of a query and a document, each weighed by its look, is clicks / looks. A Beta prior
with the mean of the whole log and the weight of `prior` looks keeps what was seen seldom from the extremes:

    rate = (prior * mean + clicks) / (prior + looks)
    grade = min(1, rate / full)
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from content.errors import InvalidInput
from reranker.examples.click_log import Page, Shown
from reranker.examples.example import Example, Side
from reranker.examples.sameness import alike

_SHORT: Final = 0.5  # what a click is worth whose maker came back soon


@dataclass(frozen=True, slots=True)
class Clicking:
    """How clicks are read.

    eta: how steeply looks fall with the position; 0 means that everything is looked at. floor: the least a look is
    likely, in (0, 1]. short_s: a click counts half where its maker came back sooner, in seconds (30 s of a satisfied
    click: Fox et al., TOIS 23, 2005). prior: its weight in looks. min_impressions: pairs that were shown less often are
    left out. unclicked_after: a pair that was never clicked is taken where something below it was clicked, so that it
    was looked at and passed over (Joachims, "Optimizing search engines using clickthrough data", KDD 2002), or after so
    many impressions. full: the rate that is worth grade 1; None takes the highest of the log.
    Raises InvalidInput for values out of range.
    """

    eta: float = 1.0
    floor: float = 0.1
    short_s: float = 30.0
    prior: float = 2.0
    min_impressions: int = 3
    unclicked_after: int = 20
    full: float | None = None

    def __post_init__(self) -> None:
        for name, low, high in (("eta", 0, 10), ("short_s", 0, 1e6), ("prior", 0, 1e6)):
            if not low <= getattr(self, name) <= high:
                raise _out_of_range(name, f"from {low} to {high:g}")
        if not 0 < self.floor <= 1:
            raise _out_of_range("floor", "above 0, up to 1")
        if self.full is not None and not 0 < self.full <= 1:
            raise _out_of_range("full", "above 0, up to 1")
        if min(self.min_impressions, self.unclicked_after) < 1:
            raise _out_of_range("min_impressions", "from 1, as is unclicked_after")

    def look(self, position: int) -> float:
        """How likely the result at this position, from 1, is looked at: in (0, 1]."""
        return max(math.pow(position, -self.eta), self.floor)

    def worth(self, shown: Shown) -> float:
        """1 for a click, a half for a short one, 0 for none."""
        if not shown.clicked:
            return 0.0
        return _SHORT if shown.dwell_s is not None and shown.dwell_s < self.short_s else 1.0


@dataclass(frozen=True, slots=True)
class Graded:
    """What a log came to. examples: of one query together, best first, queries in the order of the log. pairs: of a
    query and a document. seldom: pairs shown too seldom. unseen: pairs never clicked of which nobody knows whether they
    were looked at. mean: clicks / looks of all. full: the rate that was worth grade 1."""

    examples: tuple[Example, ...]
    pages: int
    impressions: int
    clicks: int
    pairs: int
    seldom: int
    unseen: int
    mean: float
    full: float


@dataclass(slots=True)
class _Tally:
    """Of one query and document, each as it was written first."""

    instruction: str
    query: Side
    document: Side
    impressions: int = 0
    clicks: float = 0.0
    looks: float = 0.0
    passed_over: bool = False


@dataclass(slots=True)
class Tallies:
    """Pages counted one by one, so that a log need not be held."""

    clicking: Clicking = field(default_factory=Clicking)
    _pairs: dict[Hashable, dict[Hashable, _Tally]] = field(default_factory=lambda: defaultdict(dict))
    _pages: int = 0
    _clicks: int = 0

    def add(self, page: Page) -> None:
        self._pages += 1
        pairs = self._pairs[(page.instruction, *alike(page.query))]
        last_click = page.last_click
        for shown in page.shown:
            tally = pairs.setdefault(alike(shown.document), _Tally(page.instruction, page.query, shown.document))
            tally.impressions += 1
            tally.clicks += self.clicking.worth(shown)
            tally.looks += self.clicking.look(shown.position)
            tally.passed_over |= not shown.clicked and shown.position < last_click
            self._clicks += shown.clicked

    def graded(self) -> Graded:
        """Raises InvalidInput where there is no click at all."""
        every = [tally for pairs in self._pairs.values() for tally in pairs.values()]
        if not self._clicks:
            raise InvalidInput("nothing in the log was clicked, so it says nothing of any document", param="LOG")
        mean = min(1.0, sum(tally.clicks for tally in every) / sum(tally.looks for tally in every))
        often = [tally for tally in every if tally.impressions >= self.clicking.min_impressions]
        taken = [tally for tally in often if self._is_seen(tally)]
        rates = {id(tally): self._rate(tally, mean) for tally in taken}
        full = self.clicking.full or max(rates.values(), default=1.0) or 1.0
        return Graded(
            examples=tuple(_examples(taken, rates, full)),
            pages=self._pages,
            impressions=sum(tally.impressions for tally in every),
            clicks=self._clicks,
            pairs=len(every),
            seldom=len(every) - len(often),
            unseen=len(often) - len(taken),
            mean=mean,
            full=full,
        )

    def _is_seen(self, tally: _Tally) -> bool:
        return bool(tally.clicks) or tally.passed_over or tally.impressions >= self.clicking.unclicked_after

    def _rate(self, tally: _Tally, mean: float) -> float:
        prior = self.clicking.prior
        return min(1.0, (prior * mean + tally.clicks) / (prior + tally.looks))


def _examples(taken: Iterable[_Tally], rates: Mapping[int, float], full: float) -> Iterable[Example]:
    queries: dict[Hashable, list[_Tally]] = {}
    for tally in taken:
        queries.setdefault((tally.instruction, *alike(tally.query)), []).append(tally)
    for tallies in queries.values():
        first = tallies[0]
        for tally in sorted(tallies, key=lambda tally: -rates[id(tally)]):
            grade = round(min(1.0, rates[id(tally)] / full), 4)
            yield Example(first.instruction, first.query, tally.document, grade)


def _out_of_range(name: str, right: str) -> InvalidInput:
    return InvalidInput(f"{name} is {right}", param=f"--{name.replace('_', '-')}")
