"""One hit as a card: what it is, how good it is, and what became of its rank. Knows no engine; escapes whatever it is
given."""

from dataclasses import dataclass
from html import escape
from typing import Final

from api.page.bars import score_bar
from api.page.cards import Card
from api.page.described import Described, described
from api.page.search.judgement import judgement
from api.page.visit import Visit
from api.pictures import picture_url
from reranker.ranking import YES
from search.answer import FoundPassage, Hit, Lead

_LONGEST: Final = 500  # characters of a text that a card shows; more would be clamped by the style
_FACTS: Final = 5
_SHORT: Final = 32  # characters of a fact that is shown as a chip


@dataclass(frozen=True, slots=True)
class Cards:
    """How the hits of one search are drawn. reranked: stage 2 is to judge them. over: it has judged all it will."""

    visit: Visit
    collection: str
    reranked: bool
    over: bool

    def card(self, hit: Hit, lead: Lead | None = None) -> Card:
        """lead: of the first hit; None for every other."""
        told = described(hit.metadata, self.visit.language, has_text=bool(hit.text))
        inside = (
            f'<div class="hit-inside">{self._standing(hit, lead)}{self._score(hit)}{self._words(hit, told)}'
            f"{self._facts(told)}{self._foot(hit, told)}</div>"
        )
        classes = ["pictured" if hit.has_image else "written", *([lead] if lead else [])]
        if self.reranked and not hit.judged:
            classes.append("unread")
        return Card(hit.id, self._picture(hit, told) + inside, " ".join(classes))

    def _picture(self, hit: Hit, told: Described) -> str:
        if not hit.has_image:
            return ""
        url = escape(picture_url(self.collection, hit.id), quote=True)
        alt = escape(_cut(told.caption or hit.text or hit.id), quote=True)
        return (
            f'<a class="shot" href="{url}" target="_blank" rel="noopener">'
            f'<img src="{url}" alt="{alt}" width="400" height="300" loading="lazy" decoding="async">'
            f'<span class="visually-hidden">{self._say("new_tab")}</span></a>'
        )

    def _standing(self, hit: Hit, lead: Lead | None) -> str:
        marks = [
            f'<span class="chip mark {mark}" title="{self._say(f"{mark}_hint")}">{self._say(mark)}</span>'
            for mark, is_set in [("tied", hit.tied), ("truncated", hit.truncated), ("error", hit.error is not None)]
            if is_set
        ]
        if lead and hit.score > YES:
            marks.insert(0, f'<span class="chip mark {lead}">{self._say(f"lead_{lead}")}</span>')
        elif lead == "clear":  # before the others, but nothing that was looked for
            marks.insert(0, f'<span class="chip mark">{self._say("lead_nearest")}</span>')
        return f'<p class="standing"><span class="rank">{hit.rank}</span>{self._moved(hit)}{"".join(marks)}</p>'

    def _moved(self, hit: Hit) -> str:
        """Where stage 1 had it, and where it is now."""
        before = hit.retrieval.rank
        if not hit.judged:
            told = self._say("not_judged" if self.over else "unread")
            return f'<span class="moved">{told}</span>' if self.reranked else ""
        way = "up" if hit.rank < before else "down" if hit.rank > before else "same"
        arrow = {"up": "▲", "down": "▼", "same": "="}[way]
        spoken = self._say(f"moved_{way}", before=before, places=abs(hit.rank - before))
        return (
            f'<span class="moved {way}" title="{spoken}"><span aria-hidden="true">{before} → {hit.rank} {arrow}</span>'
            f'<span class="visually-hidden">{spoken}</span></span>'
        )

    def _score(self, hit: Hit) -> str:
        if hit.error is not None:
            return f'<p class="hit-error">{escape(hit.error)}</p>'
        if not hit.judged:
            told = f'<span class="muted">{self._say("fused", score=f"{hit.score:.4f}")}</span>'
            return f'<p class="score">{told}</p>' + ('<div class="bar"></div>' if self.reranked else "")
        sort = "probability" if hit.logits is not None else "share"
        return (
            f'<p class="score"><b>{10 * hit.score:.1f}</b><span class="muted">/ 10</span>'
            f'<span class="muted exact">{self._say(sort, score=f"{hit.score:.3f}")}</span></p>'
            f"{score_bar(hit.score)}"
        )

    def _words(self, hit: Hit, told: Described) -> str:
        title = f'<p class="title">{escape(_cut(told.caption))}</p>' if told.caption else ""
        passage, text = hit.passage, hit.text or ""
        if passage is not None and passage.source == "ocr":
            seen = (
                f'<p class="words"><span class="muted">{self._say("read_off")}</span> {_passage(passage, hit.ocr)}</p>'
            )
            return title + seen
        if passage is not None:
            return f'{title}<p class="words">{_passage(passage, text)}</p>'
        return title + (f'<p class="words">{escape(_cut(text))}</p>' if text else "")

    def _facts(self, told: Described) -> str:
        short = [(name, text) for name, text in told.facts if 0 < len(text) <= _SHORT][:_FACTS]
        chips = "".join(
            f'<li class="chip"><span class="muted">{escape(name)}</span> {escape(text)}</li>' for name, text in short
        )
        return f'<ul class="hit-facts">{chips}</ul>' if chips else ""

    def _foot(self, hit: Hit, told: Described) -> str:
        name = escape(self.visit.say("search.like_what", what=_cut(told.caption or hit.id, 80)), quote=True)
        button = (
            f'<button type="button" class="small-button" data-act="like" aria-label="{name}">'
            f"{self._say('like')}</button>"
        )
        return f'<div class="foot">{button}{judgement(self.visit, hit, told, whole=self.over)}</div>'

    def _say(self, key: str, **values: object) -> str:
        return escape(self.visit.say(f"search.{key}", **values), quote=True)


def _cut(text: str, longest: int = _LONGEST) -> str:
    return text if len(text) <= longest else f"{text[:longest].rstrip()}…"


def _passage(passage: FoundPassage, whole: str | None) -> str:
    """With dots where the text goes on."""
    before = "… " if passage.start > 0 else ""
    behind = " …" if passage.stop < len((whole or "").rstrip()) else ""
    return escape(f"{before}{_cut(passage.text)}{behind}")
