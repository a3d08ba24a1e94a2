"""What stage 1 found for a query, and the seam of those who find. Knows no models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from content import Content
from indexer.item import Passage


@dataclass(frozen=True, slots=True)
class Recalled:
    """A candidate. score: the higher the better. passage: the piece of its writing that was found, if one was."""

    id: str
    score: float
    passage: Passage | None = None


class Stage1(Protocol):
    """Who finds candidates."""

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    def recall(self, id: str, query: Content) -> list[Recalled]:
        """At most as many as were asked for, best first. id: the query's."""


class GivenCandidates:
    """Candidates that somebody else found. found: query -> (document, score), best first."""

    fingerprint = ""

    def __init__(self, name: str, found: Mapping[str, Sequence[tuple[str, float]]], candidates: int) -> None:
        self.name = name
        self._found = found
        self._candidates = candidates

    def recall(self, id: str, query: Content) -> list[Recalled]:
        return [Recalled(document, score) for document, score in self._found.get(id, ())[: self._candidates]]
