"""How far indexing is, and what came of it, in words. Knows no components."""

from collections.abc import Sequence
from html import escape
from typing import Final

from api.page.bars import progress_bar
from api.page.collections.writing import items_of
from api.page.events import notice_html
from api.page.plain import plain
from api.page.visit import Visit
from indexer.build import Progress
from indexer.record import Refusal
from search.indexing import Indexed

_SHOWN: Final = 500


def progress_html(visit: Visit, now: Progress | None) -> str:
    """now: None before anything is known."""
    if now is None:
        told, counts, done, total = visit.say("collections.unpacking"), "", 0, 0
    else:
        told, counts, done, total = _told(visit, now), _counts(visit, now), now.done, now.total or 0
    return (
        f'{progress_bar(told, done, total)}<p class="figures">{escape(told)}</p>'
        f'<p class="muted">{escape(counts)} {escape(visit.say("collections.open_page"))}</p>'
    )


def report_html(visit: Visit, name: str, indexed: Indexed) -> str:
    """What was done, and what was refused and why."""
    return _summary(visit, name, indexed) + refused_html(visit, indexed.report.refused)


def refused_html(visit: Visit, refused: Sequence[Refusal]) -> str:
    """A table; "" where nothing was refused."""
    if not refused:
        return ""
    rows = "".join(
        f"<tr><td>{escape(plain(each.origin))}</td><td>{escape(each.reason)}</td></tr>" for each in refused[:_SHOWN]
    )
    if len(refused) > _SHOWN:
        more = visit.say("collections.refused_more", count=f"{len(refused) - _SHOWN:,}")
        rows += f'<tr><td colspan="2" class="muted">{escape(more)}</td></tr>'
    file, reason = (escape(visit.say(f"collections.refused_{key}")) for key in ("file", "reason"))
    title = escape(visit.say("collections.refused"))
    head = f'<tr><th scope="col">{file}</th><th scope="col">{reason}</th></tr>'
    table = f'<table class="plain-table"><thead>{head}</thead><tbody>{rows}</tbody></table>'
    return f'<h4>{title}</h4><div class="refused" role="region" aria-label="{title}" tabindex="0">{table}</div>'


def _summary(visit: Visit, name: str, indexed: Indexed) -> str:
    report = indexed.report
    if not (report.indexed or report.unchanged):
        if indexed.stopped:
            return notice_html(visit.say("collections.stopped_empty"), "hint")
        return notice_html(visit.say("collections.nothing" if report.refused else "collections.nothing_there"))
    told = visit.say(
        "collections.stopped" if indexed.stopped else "collections.done",
        indexed=f"{report.indexed:,}",
        unchanged=f"{report.unchanged:,}",
        refused=f"{len(report.refused):,}",
        seconds=f"{report.seconds:.1f}",
        name=name,
        items=items_of(visit, indexed.items),
    )
    if report.texts_found is not None:
        told += " " + visit.say("collections.texts_found", count=f"{report.texts_found:,}")
    return notice_html(told, "hint" if indexed.stopped or report.refused else "good")


def _told(visit: Visit, now: Progress) -> str:
    rate = f"{now.rate:,.0f}" if now.rate >= 10 else f"{now.rate:.1f}"
    if now.total is None:
        return visit.say("collections.progress_open", done=f"{now.done:,}", rate=rate)
    if not now.done:
        return visit.say("collections.progress_begun", total=f"{now.total:,}")
    left = _left(visit, max(0, now.total - now.done) / now.rate)
    return visit.say("collections.progress", done=f"{now.done:,}", total=f"{now.total:,}", rate=rate, left=left)


def _counts(visit: Visit, now: Progress) -> str:
    return visit.say(
        "collections.so_far",
        indexed=f"{now.indexed:,}",
        unchanged=f"{now.unchanged:,}",
        refused=f"{now.refused:,}",
    )


def _left(visit: Visit, seconds: float) -> str:
    if seconds < 90:
        return visit.say("collections.left_seconds", count=f"{seconds:.0f}")
    if seconds < 90 * 60:
        return visit.say("collections.left_minutes", count=f"{seconds / 60:.0f}")
    return visit.say("collections.left_hours", count=f"{seconds / 3600:.1f}")
