"""A text in pieces that an encoder reads whole, and what tokens each takes. Knows nothing of how they are packed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.breaks import Cut, Span, clauses, halves, lines, runs_of_words, sentences, torn, words
from indexer.protocols import Encoder

# What is longer is cut before it is counted: the time of some tokenizers grows with the square of a word's length.
_CHARACTERS_PER_TOKEN: Final = 8
_FINE: Final = 8  # pieces of a passage, where there is no white space to cut at


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters [start, stop) that stay together, and the tokens that they take, special tokens not included."""

    start: int
    stop: int
    tokens: int


class Ruler:
    """Measures spans of one text by what an encoder reads whole.

    room: the tokens of what is read whole, special tokens not included. most_characters: no more are read whole,
    however few tokens they take.
    """

    def __init__(self, text: str, encoder: Encoder) -> None:
        self._text = text
        self._count = encoder.count_tokens
        (self._special,) = encoder.count_tokens([""])
        # What takes all the tokens that are read may have been cut, so it has to be one less.
        self.room = max(1, encoder.max_text_tokens - 1 - self._special)
        self.most_characters = encoder.max_text_tokens * _CHARACTERS_PER_TOKEN

    def measured(self, spans: Iterable[Span], most_characters: int | None = None) -> list[Piece]:
        """The spans with their tokens; what is not read whole, or has more characters, has more than `room`."""
        most = most_characters or self.most_characters
        chosen = list(spans)
        words = [self._text[start:stop].strip() for start, stop in chosen]
        counts = iter(self._count([each for each in words if 0 < len(each) <= most]))
        return [Piece(*span, self._tokens(each, most, counts)) for span, each in zip(chosen, words, strict=True)]

    def _tokens(self, words: str, most: int, counts: Iterator[int]) -> int:
        """counts: of those words that are counted; the next one is taken where these are."""
        if not words:
            return 0
        return self.room + 1 if len(words) > most else max(0, next(counts) - self._special)


def cut_to_fit(text: str, ruler: Ruler) -> list[Piece]:
    """All of the text in pieces that are read whole, in order and without gaps, each no finer than it has to be."""
    pieces = [Piece(0, len(text), ruler.room + 1)]
    for cut in (sentences, lines, clauses, runs_of_words(ruler.room // 2), words):
        long = [piece for piece in pieces if piece.tokens > ruler.room]
        pieces = [piece for piece in pieces if piece.tokens <= ruler.room]
        pieces += ruler.measured(_spans(text, long, cut))
    solid = [piece for piece in pieces if piece.tokens > ruler.room]
    pieces = [piece for piece in pieces if piece.tokens <= ruler.room]
    return sorted([*pieces, *_crumbled(text, solid, ruler)], key=lambda piece: piece.start)


def _crumbled(text: str, solid: Sequence[Piece], ruler: Ruler) -> Iterator[Piece]:
    """Pieces without white space, cut anywhere, and so finely that passages of them can overlap."""
    while solid:
        # Dense as it may be, it is not counted while it is certainly not fine enough.
        parts = ruler.measured(_spans(text, solid, halves), 2 * ruler.room)
        uncut = {piece.start: piece.stop for piece in solid}
        signs = [part for part in parts if uncut.get(part.start) == part.stop]  # of several characters
        large = [sign for sign in signs if sign.tokens > ruler.room and sign.stop - sign.start > 1]
        parts = [*set(parts).difference(large), *ruler.measured(_spans(text, large, torn))]
        fine = max(1, ruler.room // _FINE)
        solid = [part for part in parts if part.tokens > fine and part not in signs]
        yield from set(parts).difference(solid)


def _spans(text: str, pieces: Iterable[Piece], cut: Cut) -> Iterator[Span]:
    for piece in pieces:
        yield from cut(text, (piece.start, piece.stop))
