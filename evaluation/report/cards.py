"""Queries and documents as they look in a report: a small picture, a short text, and what each stage thought of them.
Knows no figures of the whole."""

from collections.abc import Mapping
from dataclasses import dataclass

from content import Content, Unreadable
from content.errors import LycheeError
from evaluation.quality.contents import ContentsOf
from evaluation.quality.result import Answered, Found
from evaluation.report.figures import MAIN, Case
from evaluation.report.markup import cut, quoted, safe
from evaluation.report.thumbnails import Thumbnails

PLACES = 5
"""How many places of an order are shown, and how many right documents."""

_ALT = 80  # characters


@dataclass(frozen=True, slots=True)
class Cards:
    """depth: how many candidates stage 2 read; None without stage 2. relevant: the least grade that is right."""

    contents: ContentsOf
    thumbnails: Thumbnails
    depth: int | None
    relevant: int

    def case(self, case: Case, number: int) -> str:
        """A query with both orders side by side, and where the right documents were."""
        query = case.answered
        orders = [self._order("Stage 1", query, None)]
        if self.depth is not None:
            orders.append(self._order(f"Stage 2 over {self.depth:,}", query, self.depth))
        return (
            f'<article class="case"><header>{self._query(query, number)}'
            f'<p class="score">{self._change(case)}</p></header>'
            f'<div class="orders">{"".join(orders)}</div>{self._right(query)}</article>'
        )

    def _change(self, case: Case) -> str:
        if self.depth is None:
            return f"{MAIN} {case.after:.3f}"
        arrow = "<span aria-hidden='true'>→</span><span class='unseen'>to</span>"
        return f"{MAIN} {case.before:.3f} {arrow} {case.after:.3f}"

    def _query(self, query: Answered, number: int) -> str:
        name = f'<span class="number">{number}.</span> '
        try:
            content = self.contents.query(query.id)
        except LycheeError as error:
            return (
                f"<h3>{name}Query {quoted(query.id)}</h3><p class='faint'>It cannot be shown: {safe(error.message)}</p>"
            )
        words = quoted(content.text) if content.text else "A query by picture"
        asked = f'<div class="asked"><h3>{name}{words}</h3>{_id(query.id)}</div>'
        return self._picture(content, f"Query {query.id}") + asked

    def _order(self, title: str, query: Answered, depth: int | None) -> str:
        found = {one.id: one for one in query.candidates}
        places = {one.id: place for place, one in enumerate(query.candidates, start=1)}
        first = query.order(depth)[:PLACES]
        if not first:
            return f'<div><h4>{title}</h4><p class="faint">No candidates.</p></div>'
        rows = "".join(
            self._hit(place, id, _standing(query.grades, id, self.relevant), _facts(found[id], places[id], depth))
            for place, id in enumerate(first, start=1)
        )
        return f"<div><h4>{title}</h4><ol>{rows}</ol></div>"

    def _right(self, query: Answered) -> str:
        """The documents that people judged right, best first, with their places in both orders."""
        right = sorted((-grade, id) for id, grade in query.grades.items() if grade >= self.relevant)
        if not right:
            return '<p class="faint">No document was judged right for this query.</p>'
        before, after = query.order(), query.order(self.depth)
        found = {one.id: one for one in query.candidates}
        rows = "".join(
            self._hit(None, id, (f"grade {-grade}", True), self._places(id, before, after, found))
            for grade, id in right[:PLACES]
        )
        more = f'<p class="faint">And {len(right) - PLACES:,} more.</p>' if len(right) > PLACES else ""
        return f'<div class="answers"><h4>What is right</h4><ul>{rows}</ul>{more}</div>'

    def _places(self, id: str, before: list[str], after: list[str], found: Mapping[str, Found]) -> str:
        if id not in found:
            return "not among the candidates of stage 1"
        told = f"stage 1: place {before.index(id) + 1:,}"
        if self.depth is None:
            return told
        return f"{told} · stage 2: place {after.index(id) + 1:,}{_judged(found[id])}"

    def _hit(self, place: int | None, id: str, standing: tuple[str, bool], facts: str) -> str:
        mark, right = standing
        document = self.contents.document(id)
        if isinstance(document, Unreadable):
            looks = f'<p class="faint">It cannot be shown: {safe(document.reason)}</p>'
            picture = ""
        else:
            looks = f'<p class="words">{quoted(document.text)}</p>' if document.text else ""
            picture = self._picture(document, f"Document {id}")
        number = "" if place is None else f'<span class="place">{place}</span>'
        seen = f'<span class="mark">{"✓ " if right else ""}{safe(mark)}</span>'
        return (
            f'<li class="hit{" right" if right else ""}">{number}{picture}<div>{looks}'
            f'<p class="facts">{seen} · {facts}</p>{_id(id)}</div></li>'
        )

    def _picture(self, content: Content, what: str) -> str:
        if content.image is None:
            return ""
        uri = self.thumbnails.uri(content.image)
        if uri is None:
            return '<p class="left-out faint">Picture left out: this page is full</p>'
        alt = safe(cut(f"{what}: its picture", _ALT))  # its words stand beside it
        width, height = content.image.size
        return f'<img src="{uri}" alt="{alt}" title="{width} x {height} pixels" decoding="async">'


def _standing(grades: Mapping[str, int], id: str, relevant: int) -> tuple[str, bool]:
    """What people said of a document, and whether it is right."""
    grade = grades.get(id)
    return ("no grade", False) if grade is None else (f"grade {grade}", grade >= relevant)


def _facts(found: Found, place: int, depth: int | None) -> str:
    if depth is None:
        return f"score of stage 1 {found.recalled:.4g}"
    return f"stage 1: place {place:,}{_judged(found) if place <= depth else ' · not read by stage 2'}"


def _judged(found: Found) -> str:
    if found.error is not None:
        return f" · not read: {safe(found.error)}"
    return " · not read by stage 2" if found.score is None else f" · P(yes) {found.score:.3f}"


def _id(id: str) -> str:
    return f'<p class="id">{quoted(id, 60)}</p>'
