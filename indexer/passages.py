"""Long texts as passages that an encoder reads whole. Knows not where a text may be cut, or what that costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from content.errors import InvalidInput
from indexer.breaks import Span, break_after, whole_sign
from indexer.pieces import Piece, Ruler, cut_to_fit
from indexer.protocols import Encoder

MAX_PASSAGES: Final = 16_384
_PARTS: Final = 4  # at most one of them, in each passage, is the end of the one before


def split(text: str, encoder: Encoder) -> list[Span]:
    """The passages of a text, as characters [start, stop), in ascending order.

    A text that the encoder reads whole is one passage. Of a longer one each passage takes fewer tokens than the encoder
    reads, ends with a sentence where it can, else with a line, a clause, a word, and begins with the end of the one
    before: about a sentence, and at most a quarter of what fits. No passage is of white space only; every other
    character is in one. Takes time in proportion to the text's length.
    Raises InvalidInput for a text of more than 16,384 passages.
    """
    if not text.strip():
        return []
    ruler = Ruler(text, encoder)
    whole = (0, len(text))
    if ruler.measured([whole])[0].tokens <= ruler.room:
        return [whole]
    return _Packer(text, ruler).passages()


@dataclass(frozen=True, slots=True)
class _Draft:
    """A passage as it is planned: the pieces [first, last), and what is told again before them, from character `begin`
    on."""

    begin: int
    first: int
    last: int


class _Packer:
    """Packs the pieces of a text into passages that overlap."""

    def __init__(self, text: str, ruler: Ruler) -> None:
        self._text = text
        self._ruler = ruler
        self._most_again = ruler.room // _PARTS
        self._pieces: Sequence[Piece] = ()

    def passages(self) -> list[Span]:
        self._check(len(self._text) // self._ruler.most_characters)  # at least so many, but for white space
        self._pieces = cut_to_fit(self._text, self._ruler)
        drafts = list(self._drafts())
        self._check(len(drafts))
        spans = [self._span(draft) for draft in self._fitting(drafts)]
        self._check(len(spans))
        return [(start, stop) for start, stop in spans if start < stop]

    def _drafts(self) -> Iterator[_Draft]:
        begin, first, last, tokens = 0, 0, 0, 0
        for place, piece in enumerate(self._pieces):
            full = tokens + piece.tokens > self._ruler.room or piece.stop - begin > self._ruler.most_characters
            if full and first < place:
                yield _Draft(begin, first, place)
                begin, tokens = self._told_again(first, place)
                first = place
            tokens += piece.tokens
            last = place + 1
        yield _Draft(begin, first, last)

    def _told_again(self, first: int, last: int) -> tuple[int, int]:
        """Where the passage behind the pieces [first, last) begins, and how many tokens of it are theirs."""
        own = self._pieces[last]
        most = min(self._most_again, self._ruler.room - own.tokens)
        begin, tokens = own.start, 0
        for piece in reversed(self._pieces[first + 1 : last]):
            if tokens + piece.tokens > most or own.start - piece.start > self._ruler.most_characters // _PARTS:
                break
            begin, tokens = piece.start, tokens + piece.tokens
        before = self._pieces[last - 1]
        if begin < own.start or not 0 < most < before.tokens:
            return begin, tokens
        # The sentence is too long to be told again as a whole; its end is.
        tail = (before.stop - before.start) * most // before.tokens
        start = whole_sign(self._text, before.stop - tail, before.start)
        return break_after(self._text, start, before.stop), most

    def _fitting(self, drafts: Sequence[_Draft]) -> list[_Draft]:
        """The drafts; smaller ones for those whose pieces take more tokens together than by themselves, or whose
        beginning takes more than was reckoned."""
        fitting: list[_Draft] = []
        while drafts:
            wholes = self._ruler.measured(self._span(draft) for draft in drafts)
            agains = self._ruler.measured((draft.begin, self._pieces[draft.first].start) for draft in drafts)
            smaller: list[_Draft] = []
            for draft, whole, again in zip(drafts, wholes, agains, strict=True):
                fits = whole.tokens <= self._ruler.room and again.tokens <= self._most_again
                parts = [] if fits else self._parts(draft)
                smaller += parts
                if not parts:
                    fitting.append(draft)
            drafts = smaller
        return sorted(fitting, key=lambda draft: draft.first)

    def _parts(self, draft: _Draft) -> list[_Draft]:
        """The draft without what it tells again, or else in two; none where it is a single piece."""
        own = self._pieces[draft.first].start
        if draft.begin < own:
            return [replace(draft, begin=own)]
        middle = (draft.first + draft.last) // 2
        if middle == draft.first:
            return []
        return [_Draft(own, draft.first, middle), _Draft(self._pieces[middle].start, middle, draft.last)]

    def _span(self, draft: _Draft) -> Span:
        """The passage without white space around it."""
        start, stop = draft.begin, self._pieces[draft.last - 1].stop
        words = self._text[start:stop]
        return start + len(words) - len(words.lstrip()), max(start, stop - len(words) + len(words.rstrip()))

    def _check(self, count: int) -> None:
        if count > MAX_PASSAGES:
            raise InvalidInput(
                f"the text has {len(self._text):,} characters, which are at least {count:,} passages for this encoder; "
                f"an item may have {MAX_PASSAGES:,}, so store it as several items",
                param="text",
            )
