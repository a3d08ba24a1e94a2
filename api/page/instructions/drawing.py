"""A comparison of two instructions as HTML: cards, progress and the table of figures. Decides nothing."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final, Literal

from api.page.bars import progress_bar, score_bar
from api.page.cards import Card, cards_value
from api.page.described import described
from api.page.plain import plain
from api.page.visit import Visit
from api.pictures import picture_url
from reranker.ranking import TIE
from search.answer import Answer, Hit
from search.comparison import Change, Comparison, Separation
from search.underway import Underway

Side = Literal["A", "B"]
SIDES: Final[tuple[Side, Side]] = ("A", "B")
_TOP: Final = 10  # so many hits are shown; the figures are of all
_LONGEST: Final = 300  # characters of a text that a card shows


def side_cards(
    visit: Visit,
    collection: str,
    hits: Sequence[Hit],
    changes: Mapping[str, Change] | None = None,
    side: Side = "A",
) -> list[dict[str, str]]:
    """The first hits of one side; with `changes`, each says where it stands on the other side."""
    return cards_value(
        Card(
            hit.id,
            _card(visit, collection, hit, "" if changes is None else _mark(visit, changes[hit.id], hit, side)),
            "row differs" if changes is not None and changes[hit.id].differs else "row",
        )
        for hit in hits[:_TOP]
    )


def progress_html(visit: Visit, state: Sequence[Underway | Answer | None]) -> str:
    """A bar for each side, and how long the one that is being judged still takes."""
    return "".join(_progress(visit, side, at) for side, at in zip(SIDES, state, strict=True))


def verdict_html(visit: Visit, tasks: Sequence[str], answers: Sequence[Answer], found: Comparison) -> str:
    """What differs between the sides, in a sentence and in figures, and what to beware of.

    tasks, answers: the instruction of either side, and what it came to.
    """
    told = visit.say("instructions.verdict", moved=found.moved, count=len(found.changes), rescored=found.rescored)
    sides = (found.first, found.second)
    warnings = "".join(
        f'<p class="notice hint">{escape(visit.say("instructions.low_discrimination", side=side))}</p>'
        for side, separated in zip(SIDES, sides, strict=True)
        if separated.low_discrimination
    )
    times = [f"{answer.timings_ms.rerank:,.0f} ms" for answer in answers]
    return f'<p class="told" role="status">{escape(told)}</p>{warnings}{_table(visit, tasks, sides, times)}'


def _table(visit: Visit, tasks: Sequence[str], sides: Sequence[Separation], times: Sequence[str]) -> str:
    rows: dict[str, Sequence[str]] = {
        "instruction.label": tasks,
        "instructions.highest": [f"{side.highest:.3f}" for side in sides],
        "instructions.lowest": [f"{side.lowest:.3f}" for side in sides],
        "instructions.spread": [f"{side.spread:.3f}" for side in sides],
        "instructions.margin": ["–" if side.margin is None else f"{side.margin:z.3f}" for side in sides],
        "instructions.yes": [visit.say("instructions.yes.value", yes=side.yes, judged=side.judged) for side in sides],
        "instructions.time": times,
    }
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in (visit.say("instructions.measure"), *SIDES))
    body = "".join(
        f'<tr><th scope="row">{escape(visit.say(key))}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
        for key, cells in rows.items()
    )
    note = f'<p class="muted">{escape(visit.say("instructions.time.about"))}</p>'
    return f'<table class="plain-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}'


def _progress(visit: Visit, side: Side, at: Underway | Answer | None) -> str:
    if at is None:
        return ""
    done, total = (len(at.hits),) * 2 if isinstance(at, Answer) else (len(at.judgements), at.total)
    told = visit.say("instructions.progress", side=side, done=done, total=total)
    if isinstance(at, Underway) and at.remaining_s is not None and at.remaining_s >= 1:
        told += f" · {visit.say('instructions.remaining', seconds=round(at.remaining_s))}"
    return f"<p>{escape(told)}</p>{progress_bar(told, done, total)}"


def _card(visit: Visit, collection: str, hit: Hit, mark: str) -> str:
    called = described(hit.metadata, visit.language, has_text=bool(hit.text)).caption
    text = plain(called or hit.text or hit.ocr or hit.id, _LONGEST)
    picture = ""
    if hit.has_image:
        source = escape(picture_url(collection, hit.id), quote=True)
        picture = f'<img src="{source}" alt="{escape(text, quote=True)}" loading="lazy">'
    return (
        f'<span class="rank">{hit.rank}</span>{picture}<div class="said"><p class="text">{escape(text)}</p>'
        f"{_score(visit, hit)}{mark}</div>"
    )


def _score(visit: Visit, hit: Hit) -> str:
    if hit.error is not None:
        return f'<p class="muted">{escape(visit.say("instructions.unjudged"))}: {escape(hit.error)}</p>'
    if not hit.judged:
        return f'<p class="muted">{escape(visit.say("instructions.waiting"))}</p>'
    return f'<div class="points">{score_bar(hit.score)}<b>{hit.score:.3f}</b></div>'


def _mark(visit: Visit, change: Change, hit: Hit, side: Side) -> str:
    """Where the hit stands on the other side, seen from this one."""
    other: Side = "B" if side == "A" else "A"
    if change.climbed is None or change.gained is None:
        return f'<p class="mark"><span class="chip">{escape(visit.say("instructions.absent", side=other))}</span></p>'
    higher = change.climbed if side == "B" else -change.climbed
    gained = change.gained if side == "B" else -change.gained
    rank = hit.rank + higher
    chips = [_moved(visit, higher, rank, other)]
    if abs(gained) >= TIE:
        said = visit.say("instructions.gained", points=f"{gained:+.3f}", side=other)
        chips.append(_chip("more" if gained > 0 else "less", f"{gained:+.3f}", said))
    return f'<p class="mark">{"".join(chips)}</p>'


def _moved(visit: Visit, higher: int, rank: int, other: Side) -> str:
    if higher == 0:
        return f'<span class="muted">{escape(visit.say("instructions.unmoved"))}</span>'
    key = "instructions.up" if higher > 0 else "instructions.down"
    said = visit.say(key, places=abs(higher), side=other)
    arrow = "▲" if higher > 0 else "▼"
    there = visit.say("instructions.elsewhere", side=other, rank=rank)
    return _chip("up" if higher > 0 else "down", f"{arrow} {abs(higher)} ({there})", said)


def _chip(kind: str, shown: str, said: str) -> str:
    return (
        f'<span class="chip {kind}" title="{escape(said, quote=True)}"><span aria-hidden="true">{escape(shown)}</span>'
        f'<span class="visually-hidden">{escape(said)}</span></span>'
    )
