"""What both judges are asked: queries with their candidates, in sections. Knows no judge and no form of file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from content import Content, Document


@dataclass(frozen=True, slots=True)
class Question:
    """A query and its candidates.

    id: of the query, within its section. instruction: "" stands for the default. candidates: ids, in the order that
    decides between equal scores. grades: of candidates, and of other documents that were judged, from 0; what is not
    named has grade 0.
    """

    id: str
    instruction: str
    candidates: tuple[str, ...]
    grades: Mapping[str, int]


class Reads(Protocol):
    """Gives what questions are made of, a query at a time, so that few pictures are in memory."""

    def query(self, question: Question) -> Content:
        """Raises NotFound and InvalidInput for what cannot be read."""

    def document(self, question: Question, candidate: str) -> Document:
        """Unreadable, with the reason, for what cannot be read."""


@dataclass(frozen=True, slots=True)
class Section:
    """One set of questions, which is reported on its own.

    name: for people. guard: an old domain, in which nothing need be won and little may be lost. relevant: the least
    grade that counts as right.
    """

    name: str
    guard: bool
    relevant: int
    questions: tuple[Question, ...]
    reads: Reads

    @property
    def candidates(self) -> int:
        return sum(len(one.candidates) for one in self.questions)
