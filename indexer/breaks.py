"""Where a text may be cut, best places first. Knows no tokens and no limits."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

Span = tuple[int, int]  # characters [start, stop)
Cut = Callable[[str, Span], Iterator[Span]]

# Each pattern is found in time linear in the text: where it may fail, it can only begin at one place of a run.
_AFTER_SENTENCES: Final = re.compile(
    r"""
    (?<![.!?…؟۔।])[.!?…؟۔।]++["'”’»)\]]*+\s+  # not within 3.14 or v2.0
    | [。！？；…｡]++["'”’」』》）】〉]*+\s*     # Chinese needs no space
    | \n[^\S\n]*\n\s*                    # an empty line
    """,
    re.VERBOSE,
)
_AFTER_LINES: Final = re.compile(r"[\n\r\v\f\u2028\u2029]\s*")
_AFTER_CLAUSES: Final = re.compile(r"[,;:]\s+|[，、：､]\s*")
_AFTER_WORDS: Final = re.compile(r"\s+")
_REGIONAL: Final = ("\U0001f1e6", "\U0001f1ff")
_SKIN: Final = ("\U0001f3fb", "\U0001f3ff")
_JOINER: Final = "\u200d"
_LONGEST_SIGN: Final = 32  # characters; families and flags of regions have a dozen


def sentences(text: str, span: Span) -> Iterator[Span]:
    """The pieces of a span that end with a sentence or a paragraph, in order and without gaps, as below."""
    return _cut(_AFTER_SENTENCES, text, span)


def lines(text: str, span: Span) -> Iterator[Span]:
    return _cut(_AFTER_LINES, text, span)


def clauses(text: str, span: Span) -> Iterator[Span]:
    return _cut(_AFTER_CLAUSES, text, span)


def words(text: str, span: Span) -> Iterator[Span]:
    return _cut(_AFTER_WORDS, text, span)


def runs_of_words(length: int) -> Cut:
    """Cuts as `words`, but several in a piece until it has so many characters."""

    def runs(text: str, span: Span) -> Iterator[Span]:
        begin = span[0]
        for _, stop in words(text, span):
            if stop - begin >= length or stop == span[1]:
                yield begin, stop
                begin = stop

    return runs


def halves(text: str, span: Span) -> Iterator[Span]:
    """Two pieces, or the whole where it is one sign of several characters."""
    start, stop = span
    middle = whole_sign(text, (start + stop) // 2, start)
    if middle == start and stop - start <= 2 * _LONGEST_SIGN:
        middle = next((at for at in range((start + stop) // 2 + 1, stop) if not _joined(text, at, start)), stop)
    yield start, middle
    if middle < stop:
        yield middle, stop


def torn(text: str, span: Span) -> Iterator[Span]:
    """Two pieces, whatever they part; a single character stays."""
    start, stop = span
    middle = (start + stop + 1) // 2
    yield start, middle
    if middle < stop:
        yield middle, stop


def whole_sign(text: str, at: int, start: int) -> int:
    """The nearest place at or before `at` and from `start` on, where a sign begins, that parts no letter from its
    accents and no sign from those it is joined with; `at` itself, where there is none nearby."""
    for place in range(at, max(start, at - _LONGEST_SIGN), -1):
        if not _joined(text, place, start):
            return place
    return start if at - start <= _LONGEST_SIGN else at


def break_after(text: str, start: int, stop: int) -> int:
    """The first place from `start` on, before `stop`, where a clause or else a word begins; `start` itself where there
    is none."""
    for pattern in (_AFTER_CLAUSES, _AFTER_WORDS):
        found = pattern.search(text, max(0, start - 1), stop)
        if found and found.end() < stop:
            return found.end()
    return start


def _cut(pattern: re.Pattern[str], text: str, span: Span) -> Iterator[Span]:
    start, stop = span
    for found in pattern.finditer(text, start, stop):
        yield start, found.end()
        start = found.end()
    if start < stop:
        yield start, stop


def _joined(text: str, at: int, start: int) -> bool:
    """Whether the characters on both sides of a place behind `start`, where a sign begins, make one sign."""
    before, after = text[at - 1], text[at]
    return (
        unicodedata.category(after).startswith("M")
        or _JOINER in (before, after)
        or _SKIN[0] <= after <= _SKIN[1]
        or (before, after) == ("\r", "\n")
        or (_is_regional(after) and _regionals_before(text, at, start) % 2 == 1)
    )


def _is_regional(character: str) -> bool:
    return _REGIONAL[0] <= character <= _REGIONAL[1]


def _regionals_before(text: str, at: int, start: int) -> int:
    """How many letters of flags stand right before a place: two make one flag."""
    begin = at
    while begin > start and _is_regional(text[begin - 1]):
        begin -= 1
    return at - begin
