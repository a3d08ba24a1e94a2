"""How far a search is, in words and a bar, and what there is to say once it is over. Knows no engine and no cards."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from math import ceil

from api.page.bars import progress_bar
from api.page.events import notice_html
from api.page.search.wish import Cuts, Wish
from api.page.visit import Visit
from indexer.filters import fields_of
from reranker.ranking import YES
from search.answer import Answer
from search.underway import Underway

FIELDS = 20  # names of fields that are told


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to, uncut. task: the instruction that the judge read. read: how many candidates it has; fewer
    than the answer's hits where the search was stopped. fields: those of the collection's metadata; None where
    nobody has looked, as the filter left something or the search was given up."""

    wish: Wish
    collection: str
    task: str
    answer: Answer
    read: int
    fields: tuple[str, ...] | None = None

    def with_cuts(self, cuts: Cuts) -> "Found":
        return replace(self, wish=self.wish.with_cuts(cuts))

    @property
    def shown(self) -> Answer:
        return self.answer.cut(self.wish.cuts.threshold, self.wish.cuts.top_k)


def waiting_html(visit: Visit) -> str:
    """Before stage 1 has answered."""
    return f'<p class="muted">{escape(visit.say("search.waiting"))}</p>'


def progress_html(visit: Visit, news: Underway) -> str:
    """While stage 2 reads."""
    done = len(news.judgements)
    told = visit.say("search.reading", done=done, total=news.total)
    if news.remaining_s is not None:
        told = visit.say("search.reading_left", reading=told, seconds=ceil(news.remaining_s))
    return f'<p class="progress-line">{escape(told)}</p>{progress_bar(told, done, news.total)}'


def over_html(visit: Visit, found: Found) -> str:
    """What came of it: how many, how long, by which instruction, and hints."""
    answer, hints = found.answer, [notice_html(hint, "hint") for hint in _hints(visit, found)]
    key = "search.over" if found.read == len(answer.hits) else "search.over_stopped"
    if not answer.reranked:
        key = "search.over_stage_1"
    told = visit.say(key, shown=len(found.shown.hits), read=found.read, total=len(answer.hits), model=answer.model)
    lines = [f'<p class="over" role="status">{escape(told)} <span class="muted">{_timings(visit, answer)}</span></p>']
    if answer.reranked:
        lines.append(f'<p class="muted task">{escape(visit.say("search.task", task=found.task))}</p>')
    return "".join([*lines, *hints])


def _timings(visit: Visit, answer: Answer) -> str:
    took = answer.timings_ms
    stages = [("encode", took.encode), ("recall", took.recall), ("rerank", took.rerank), ("total", took.total)]
    if not answer.reranked:
        stages.pop(2)
    return " · ".join(escape(visit.say(f"search.took_{stage}", ms=f"{ms:,.0f}")) for stage, ms in stages)


def _hints(visit: Visit, found: Found) -> Iterable[str]:
    answer, threshold = found.answer, found.wish.cuts.threshold
    if not answer.hits:
        yield _nothing(visit, found)
        return
    judged = [hit.score for hit in answer.hits if hit.judged and hit.error is None]
    best = max(judged, default=None)
    if threshold is not None and not found.shown.hits:
        told = "–" if best is None else f"{best:.3f}"
        yield visit.say("search.none_reaches", threshold=f"{threshold:.2f}", best=told)
    elif best is not None and best <= YES:
        key = "search.no_yes_alike" if any(map(_is_alike, answer.warnings)) else "search.no_yes"
        yield visit.say(key, best=f"{best:.3f}")
    elif any(map(_is_alike, answer.warnings)):
        yield visit.say("search.low_discrimination")
    for warning in answer.warnings:
        if not _is_alike(warning):
            yield warning.partition(": ")[2] or warning


def _nothing(visit: Visit, found: Found) -> str:
    if found.wish.wanted is None:
        return visit.say("search.none_found")
    there, named = found.fields, dict.fromkeys(fields_of(found.wish.wanted))
    unknown = [] if there is None else [field for field in named if field not in there]
    if not unknown:
        return visit.say("search.none_meets")
    told = visit.say("search.none_has", fields=", ".join(unknown[:FIELDS]))
    if not there:
        return f"{told} {visit.say('search.no_fields')}"
    return f"{told} {visit.say('search.filter_fields', fields=', '.join(there[:FIELDS]))}"


def _is_alike(warning: str) -> bool:
    """Whether it is that all scores are nearly the same, which is told in the visitor's language."""
    return warning.partition(": ")[0] == "low_discrimination"
