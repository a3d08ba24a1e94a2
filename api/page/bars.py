"""Bars: how good a score is, and how far a work is. Knows neither scores nor works."""

from html import escape


def score_bar(share: float) -> str:
    """For the eye alone: the number stands beside it. share: from 0 to 1."""
    return f'<div class="bar" aria-hidden="true">{_filled(share)}</div>'


def progress_bar(told: str, done: int, total: int) -> str:
    """told: the same in words. total: 0 where nobody knows it yet; the bar is empty then."""
    known = f' aria-valuemin="0" aria-valuemax="{total}" aria-valuenow="{done}"' if total else ""
    share = done / total if total else 0.0
    return f'<div class="bar" role="progressbar" aria-label="{escape(told, quote=True)}"{known}>{_filled(share)}</div>'


def _filled(share: float) -> str:
    return f'<span style="width:{100 * min(1, share):.1f}%"></span>'
