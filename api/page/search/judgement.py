"""The fold of a card: what the judge and stage 1 thought in numbers, and all that is known of the hit. Escapes all it
is given."""

from collections.abc import Iterable
from html import escape
from typing import Final

from api.page.described import Described
from api.page.visit import Visit
from search.answer import Hit

_LONGEST: Final = 4000  # characters of a text in a fold: the answer holds ten of them


def judgement(visit: Visit, hit: Hit, told: Described, *, whole: bool) -> str:
    """whole: with the texts, which nobody reads while the cards still move."""
    parts = [_table(visit.say("search.fold_judge"), _judged(visit, hit)), _recalled(visit, hit)]
    if whole:
        parts.append(_table(visit.say("search.fold_item"), _known(visit, hit, told)))
    return f'<details class="fold raw"><summary>{escape(visit.say("search.fold"))}</summary>{"".join(parts)}</details>'


def _judged(visit: Visit, hit: Hit) -> Iterable[tuple[str, str]]:
    if not hit.judged:
        yield visit.say("search.fold_state"), visit.say("search.not_judged")
        return
    if hit.error is not None:
        yield visit.say("search.error"), hit.error
    if hit.logits is not None:
        yield "P(yes)", f"{hit.score:.6f}"
        yield visit.say("search.fold_logits"), f"{hit.logits[0]:.4f} / {hit.logits[1]:.4f}"
    else:
        yield visit.say("search.fold_score"), f"{hit.score:.6f}"
    if hit.raw is not None:
        yield visit.say("search.fold_raw"), hit.raw
    yield visit.say("search.fold_tokens"), f"{hit.tokens:,}"
    yield visit.say("search.fold_cut"), visit.say("search.yes" if hit.truncated else "search.no")


def _recalled(visit: Visit, hit: Hit) -> str:
    """Stage 1's own rank, and the lists that the hit stands in."""
    heads = "".join(f"<th>{escape(visit.say(f'search.fold_{name}'))}</th>" for name in ("channel", "rank", "score"))
    rows = "".join(
        f"<tr><td>{escape(visit.say(f'search.channel_{each.channel}'))} "
        f'<span class="muted">({escape(visit.say(f"search.side_{each.query}"))})</span></td>'
        f"<td>{each.rank}</td><td>{each.score:.4f}</td></tr>"
        for each in hit.retrieval.channels
    )
    fused = (
        f"<tr><td>{escape(visit.say('search.channel_fused'))}</td><td>{hit.retrieval.rank}</td>"
        f"<td>{hit.retrieval.score:.4f}</td></tr>"
    )
    caption = escape(visit.say("search.fold_recall"))
    return f'<table class="plain-table"><caption>{caption}</caption><tr>{heads}</tr>{rows}{fused}</table>'


def _known(visit: Visit, hit: Hit, told: Described) -> Iterable[tuple[str, str]]:
    yield visit.say("search.fold_id"), hit.id
    texts = [("fold_text", hit.text), ("fold_ocr", hit.ocr)]
    if hit.passage is not None:
        texts.insert(0, ("fold_passage", hit.passage.text))
    for key, text in texts:
        if text:
            yield visit.say(f"search.{key}"), _cut(visit, text)
    if told.caption:
        yield visit.say("search.fold_caption"), _cut(visit, told.caption)
    for name, text in told.facts:
        yield name, _cut(visit, text)


def _cut(visit: Visit, text: str) -> str:
    rest = len(text) - _LONGEST
    return text if rest <= 0 else f"{text[:_LONGEST]}… {visit.say('search.fold_more', count=f'{rest:,}')}"


def _table(caption: str, rows: Iterable[tuple[str, str]]) -> str:
    inside = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(text)}</td></tr>' for name, text in rows)
    return f'<table class="plain-table"><caption>{escape(caption)}</caption>{inside}</table>'
