"""What both judges are asked: queries with their candidates, in sections. Knows no judge and no form of file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from content import Content, Document
from reranker.examples.example import Side


class Reads(Protocol):
    """Makes contents of sides; `reranker.examples.contents.Contents` is one."""

    def content(self, side: Side, param: str | None = None) -> Content: ...

    def document(self, side: Side) -> Document: ...


@dataclass(frozen=True, slots=True)
class Question:
    """A query and its candidates.

    instruction: "" stands for the default. candidates: by id, in the order that decides between equal scores. grades:
    of candidates, and of other documents that were judged, from 0; what is not named has grade 0.
    """

    instruction: str
    query: Side
    candidates: Mapping[str, Side]
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Section:
    """One set of questions, which is reported on its own.

    name: for people. guard: an old domain, in which nothing need be won and little may be lost. relevant: the least
    grade that counts as right. reads: what its sides stand for.
    """

    name: str
    guard: bool
    relevant: int
    questions: tuple[Question, ...]
    reads: Reads

    @property
    def candidates(self) -> int:
        return sum(len(one.candidates) for one in self.questions)
