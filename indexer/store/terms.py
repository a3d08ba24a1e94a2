"""Text taken apart for word search: how it is spelt, what is indexed of it, and what a query looks up. Knows nothing of
SQLite."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

# Words longer than this are no words (base64, DNA); their beginnings are enough to find them by.
_LONGEST: Final = 64
# Of each kind. A query of ten thousand characters is a document, and its beginning says what it is about.
_MOST_TERMS: Final = 64

# Scripts without spaces between words: Chinese, Japanese and Korean, Thai, Lao, Burmese, Khmer. Korean has spaces, but
# glues particles to its words. Emoji behave the same: each says something, and they stand close together.
_PICTOGRAPHS: Final = "\u2190-\u2bff\U0001f000-\U0001faff"
_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3021-\u3029\u3040-\u30fa\u30fc-\u318e\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff" + _PICTOGRAPHS
)
_RUNS: Final = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED} ]+")
_UNSPACED_RUN: Final = re.compile(f"[{_UNSPACED}]")
_PICTOGRAPH: Final = re.compile(f"[{_PICTOGRAPHS}]")
_LETTERS_OR_DIGITS: Final = re.compile(r"\d+|\D+")
# What stands around a word of a query without belonging to it: quotes, brackets, the ends of sentences.
_WRAPPING: Final = "\"'`“”‘’«»‹›「」『』《》〈〉【】〔〕()[]{}<>.,;:!?…、。·*^"
_SHORTEST_PIECE: Final = 3  # the trigrams' own length


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """What is looked up for a query, each once, in the order of the query.

    words: as `index_words` names them. pieces: strings of 3 to 64 characters, spelt as by `folded`, that may stand
    anywhere in a text; a word of 3 and more characters is also a piece.
    """

    words: tuple[str, ...]
    pieces: tuple[str, ...]


def folded(text: str) -> str:
    """The text as it is compared: no difference between cases, full and half width, accents, or kinds of blanks.

    NFKC and case folding, without marks that are only put on Latin, Greek and Cyrillic letters, without characters that
    are not seen, and with single spaces for blanks, ends of lines and control characters.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_WITHOUT_MARKS)
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.translate(_WITHOUT_CONTROLS).split())


def index_words(spelt: str) -> str:
    """The words of a text that went through `folded`, each once, separated by spaces.

    Latin and other words between blanks and punctuation, whole, and also in parts where letters meet digits (`500ml`:
    `500`, `ml`); of scripts without spaces each character and each two neighbours.
    """
    words: list[str] = []
    for run in _RUNS.findall(spelt.translate(_ONLY_WORDS)):
        if _UNSPACED_RUN.match(run):
            words += run
            words += _neighbours(run, 2)
        else:
            words += _with_parts(run)
    return " ".join(dict.fromkeys(words))


def query_terms(query: str) -> QueryTerms:
    """Takes any string whatever; one without letters, digits or emoji has no terms."""
    spelt = folded(query)
    words: list[str] = []
    pieces: list[str] = []
    for token in spelt.split():
        runs: list[str] = _RUNS.findall(token.translate(_ONLY_WORDS))
        whole = token.strip(_WRAPPING)
        if runs and whole not in runs:  # a model number such as XJ-900/B counts whole and in parts
            pieces.append(whole)
        for run in runs:
            unspaced = _UNSPACED_RUN.match(run) is not None
            words += (_neighbours(run, 2) or [run]) if unspaced else _with_parts(run)
            pieces += _neighbours(run, 3) if unspaced else [run]
        if min(len(words), len(pieces)) > 4 * _MOST_TERMS:
            break
    long = [piece[:_LONGEST] for piece in pieces if len(piece) >= _SHORTEST_PIECE]
    return QueryTerms(tuple(dict.fromkeys(words))[:_MOST_TERMS], tuple(dict.fromkeys(long))[:_MOST_TERMS])


def _neighbours(run: str, count: int) -> list[str]:
    return [run[start : start + count] for start in range(len(run) - count + 1)]


def _with_parts(word: str) -> list[str]:
    parts: list[str] = _LETTERS_OR_DIGITS.findall(word)
    return [word[:_LONGEST], *(part[:_LONGEST] for part in parts)] if len(parts) > 1 else [word[:_LONGEST]]


def _kept(character: str) -> str:
    """Letters, digits, the marks on them, and emoji; a space for everything else."""
    if unicodedata.category(character)[0] in "LNM" or _PICTOGRAPH.match(character):
        return character
    return " "


class _OnlyWords(dict[int, str]):
    """For str.translate, filled as characters come along: asking the category of every character each time is slow."""

    def __missing__(self, code: int) -> str:
        kept = self[code] = _kept(chr(code))
        return kept


_ONLY_WORDS: Final = _OnlyWords()
_INVISIBLE: Final = (0xAD, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10))
_WITHOUT_MARKS: Final = dict.fromkeys((*range(0x300, 0x370), *_INVISIBLE))
_WITHOUT_CONTROLS: Final = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x200B, *range(0xD800, 0xE000)), " ")
