"""All that is known of one query, document or instruction by itself: digests, size, faults. Knows no other side."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from reranker.examples.checks.code import speaks_of_code
from reranker.examples.checks.finding import Fault
from reranker.examples.checks.instructions import instruction_faults
from reranker.examples.checks.kinds import PROMPT_HEADING
from reranker.examples.checks.normal import bare, digest, loose
from reranker.examples.checks.pictures import PictureFacts, Pictures
from reranker.examples.checks.texts import text_faults
from reranker.examples.example import Side

_KEPT: Final = 4_096
_SHORT: Final = 1_000  # characters; what is longer is not kept
_SIMILAR: Final = ("similar", "same product", "相似", "同款", "类似")
_PREFIXES: Final = {"query": ("query:",), "document": ("passage:", "document:")}


@dataclass(frozen=True, slots=True)
class InstructionFacts:
    """exact, near, size: as in `SideFacts`. code: it is about code. mirrors: it asks for what is similar, which goes
    both ways."""

    exact: bytes
    near: bytes
    size: int
    code: bool
    mirrors: bool
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class SideFacts:
    """exact: digest of text and picture. near: of the text whatever its case and white space, and the picture.
    bare: of its words alone, and the picture. size: bytes of the text, at least
    as many as tokens. code: it is about code."""

    exact: bytes
    near: bytes
    bare: bytes
    size: int
    code: bool
    picture: PictureFacts | None
    faults: tuple[Fault, ...]


class Sides:
    """Looks at sides, and remembers the short ones: queries and instructions come again and again."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._short = lru_cache(_KEPT)(self._look)
        self._instruction = lru_cache(_KEPT)(_instruction_facts)

    def instruction(self, text: str) -> InstructionFacts:
        return self._instruction(text) if len(text) < _SHORT else _instruction_facts(text)

    def side(self, side: Side, role: str, *, code: bool) -> SideFacts:
        """role: query or document. code: whether the task is about code."""
        short = len(side.text or "") < _SHORT and len(side.image or "") < _SHORT
        return self._short(side, role, code) if short else self._look(side, role, code)

    def _look(self, side: Side, role: str, code: bool) -> SideFacts:
        text = side.text or ""
        picture = None if side.image is None else self._pictures.facts(side.image)
        seen = b"" if picture is None else picture.digest
        code = code or (role == "query" and speaks_of_code(text))
        faults = [*text_faults(text, code=code)] if text else []
        start = text[:10].lower()
        faults += [
            Fault(PROMPT_HEADING, f"the text begins with {prefix!r}, which other models ask for and the judge does not")
            for prefix in _PREFIXES[role]
            if start.startswith(prefix)
        ]
        near = loose(text)
        return SideFacts(
            digest(text, seen),
            digest(near, seen),
            digest(bare(near), seen) if role == "query" else b"",
            _size(text),
            code,
            picture,
            (*faults, *(picture.faults if picture else ())),
        )


def _instruction_facts(text: str) -> InstructionFacts:
    lower = text.lower()
    mirrors = any(word in lower for word in _SIMILAR)
    faults = tuple(instruction_faults(text))
    near = loose(text)
    return InstructionFacts(digest(text), digest(near, b""), _size(text), speaks_of_code(text), mirrors, faults)


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass"))
