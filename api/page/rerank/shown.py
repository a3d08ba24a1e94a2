"""A ranking as HTML: a table, or the one judgement large. Knows no components."""

from collections.abc import Iterable
from html import escape

from api.page.bars import progress_bar, score_bar
from api.page.events import notice_html
from api.page.plain import plain
from api.page.rerank.judged import Judged, Kept
from api.page.visit import Visit
from reranker.protocol import Judgement
from reranker.ranking import YES, Ranked, Ranking
from search.markdown import markdown_table

_EXCERPT = 320
_COLUMNS = ("rank", "score", "place", "document")
_CHIPS = 6


def progress_html(visit: Visit, done: int, total: int, remaining_s: float | None) -> str:
    """total: 0 while the documents are still read."""
    if not total:
        return f'<p class="muted" role="status">{escape(visit.say("rerank.reading"))}</p>'
    told = visit.say("rerank.progress", done=done, total=total)
    if remaining_s is not None and done < total:
        told += f" · {visit.say('rerank.remaining', seconds=max(1, round(remaining_s)))}"
    return f'<div class="rr-progress"><p>{escape(told)}</p>{progress_bar(told, done, total)}</div>'


def ranking_html(visit: Visit, judged: Judged, ranking: Ranking, threshold: float) -> str:
    """ranking: of `judged`, cut. threshold: at which it was cut."""
    parts = [_head(visit, judged, ranking)]
    if ranking.warnings:
        parts.append(notice_html(_alike(visit, judged), "hint"))
    if not ranking.entries:
        parts.append(notice_html(visit.say("rerank.nothing_left", threshold=f"{threshold:g}"), "hint"))
    elif len(judged.documents) == 1:
        parts.append(_single(visit, judged.documents[0], ranking.entries[0].judgement))
    else:
        parts.append(_table(visit, judged, ranking))
    return "".join(parts)


def _head(visit: Visit, judged: Judged, ranking: Ranking) -> str:
    total = len(judged.documents)
    told = visit.say("rerank.done", judged=judged.judged, total=total, seconds=f"{judged.seconds:.1f}")
    if len(ranking.entries) < total:
        told = f"{told} {visit.say('rerank.cut', shown=len(ranking.entries), total=total)}"
    markdown = escape(plain(markdown_table(ranking, judged.labels())), quote=True)
    buttons = (
        f'<button type="button" class="small-button" data-copy="{markdown}">{escape(visit.say("rerank.copy"))}</button>'
        f'<button type="button" class="small-button" data-act="csv">{escape(visit.say("rerank.csv"))}</button>'
        f'<button type="button" class="small-button" data-act="json">{escape(visit.say("rerank.json"))}</button>'
    )
    many = " rr-many" if total > 1 else ""
    return (
        f'<div class="rr-head{many}"><p role="status">{escape(told)}</p><div class="rr-buttons">{buttons}</div></div>'
    )


def _alike(visit: Visit, judged: Judged) -> str:
    scores = [entry.judgement.score for entry in judged.ranking.entries if entry.judgement.error is None]
    return visit.say("rerank.alike", low=f"{min(scores):.3f}", high=f"{max(scores):.3f}")


def _table(visit: Visit, judged: Judged, ranking: Ranking) -> str:
    # The roles are there by themselves, until a narrow screen has the rows laid out as cards.
    heads = "".join(
        f'<th scope="col" role="columnheader" class="rr-{name}">{escape(visit.say(f"rerank.{name}"))}</th>'
        for name in _COLUMNS
    )
    rows = "".join(_row(visit, judged.documents[entry.index], entry) for entry in ranking.entries)
    name = escape(visit.say("rerank.result"), quote=True)
    return (
        f'<table class="plain-table rr-table" role="table" aria-label="{name}">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{rows}</tbody></table>'
    )


def _row(visit: Visit, document: Kept, entry: Ranked) -> str:
    place = f'<span class="rr-place-name">{escape(visit.say("rerank.place"))} </span>{entry.index + 1}'
    failed = "" if entry.judgement.error is None else ' class="rr-failed"'
    cells = (str(entry.rank), _score(visit, entry.judgement), place, _document(visit, document, entry))
    html = "".join(f'<td role="cell" class="rr-{name}">{cell}</td>' for name, cell in zip(_COLUMNS, cells, strict=True))
    return f'<tr role="row"{failed}>{html}</tr>'


def _score(visit: Visit, judgement: Judgement) -> str:
    if judgement.error is not None:
        return f'<span aria-label="{escape(visit.say("rerank.no_score"), quote=True)}" role="img">–</span>'
    return f"<strong>{judgement.score:.3f}</strong>{score_bar(judgement.score)}"


def _document(visit: Visit, document: Kept, entry: Ranked) -> str:
    judgement = entry.judgement
    parts = [f'<p class="rr-name">{escape(document.name)}</p>' if document.name else ""]
    if document.text:
        parts.append(f'<p class="rr-text">{escape(plain(document.text, _EXCERPT))}</p>')
    if judgement.error is not None:
        reason = plain(judgement.error, _EXCERPT).rstrip(".")
        parts.append(f'<p class="rr-reason">{escape(visit.say("rerank.not_judged", reason=reason))}</p>')
    parts.append(_chips(_marks(visit, entry), document))
    if judgement.error is None:
        parts.append(
            f'<details class="fold rr-judgement"><summary>{escape(visit.say("rerank.judgement"))}</summary>'
            f"{_raw(visit, judgement)}</details>"
        )
    return f'<div class="rr-about">{_thumbnail(visit, document)}<div class="rr-told">{"".join(parts)}</div></div>'


def _thumbnail(visit: Visit, document: Kept) -> str:
    if not document.thumbnail:
        return ""
    alt = escape(visit.say("rerank.picture_of", name=document.name), quote=True)
    return f'<img src="{escape(document.thumbnail, quote=True)}" alt="{alt}">'


def _marks(visit: Visit, entry: Ranked) -> Iterable[str]:
    for name, marked in (("tied", entry.tied), ("truncated", entry.judgement.truncated)):
        if marked:
            title = escape(visit.say(f"rerank.{name}_title"), quote=True)
            yield f'<span class="chip rr-{name}" title="{title}">{escape(visit.say(f"rerank.{name}"))}</span>'


def _chips(marks: Iterable[str], document: Kept) -> str:
    metadata = (
        f'<span class="chip muted">{escape(f"{name}: {plain(str(value), 60)}")}</span>'
        for name, value in list(document.metadata.items())[:_CHIPS]
    )
    chips = "".join([*marks, *metadata])
    return f'<div class="rr-chips">{chips}</div>' if chips else ""


def _raw(visit: Visit, judgement: Judgement) -> str:
    """All that the judge said."""
    told = [("p_yes" if judgement.logits else "score", f"{judgement.score:.6f}")]
    if judgement.logits:
        told.append(("logits", ", ".join(f"{logit:.4f}" for logit in judgement.logits)))
    told += [("tokens", f"{judgement.tokens:,}"), ("text_cut", visit.say(f"rerank.{_yes(judgement.truncated)}"))]
    if judgement.raw is not None:
        told.append(("raw", plain(judgement.raw, _EXCERPT)))
    pairs = "".join(
        f"<div><dt>{escape(visit.say(f'rerank.{key}'))}</dt><dd>{escape(value)}</dd></div>" for key, value in told
    )
    return f'<dl class="rr-raw">{pairs}</dl>'


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _single(visit: Visit, document: Kept, judgement: Judgement) -> str:
    told = f'<div class="rr-told">{_name_and_text(document)}</div>'
    shown = f'<div class="rr-about">{_thumbnail(visit, document)}{told}</div>'
    if judgement.error is not None:
        reason = visit.say("rerank.not_judged", reason=plain(judgement.error, _EXCERPT).rstrip("."))
        return f'<div class="rr-single">{shown}{notice_html(reason)}</div>'
    unit = visit.say("rerank.p_yes" if judgement.logits else "rerank.score")
    verdict = visit.say("rerank.fits" if judgement.score > YES else "rerank.does_not_fit")
    return (
        '<div class="rr-single">'
        f'<p class="rr-large"><span>{escape(unit)}</span> <strong>{judgement.score:.3f}</strong></p>'
        f"{score_bar(judgement.score)}<p>{escape(verdict)}</p>{_raw(visit, judgement)}{shown}</div>"
    )


def _name_and_text(document: Kept) -> str:
    name = f'<p class="rr-name">{escape(document.name)}</p>' if document.name else ""
    return name + (f'<p class="rr-text">{escape(plain(document.text, _EXCERPT))}</p>' if document.text else "")
