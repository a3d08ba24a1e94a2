"""A judge with a clock: what it says of a query's candidates, and how long that takes. Knows no questions."""

import time
from collections.abc import Sequence
from typing import Protocol

from content import Content, Document, Unreadable
from evaluation.scores.cached import CachedReranker
from evaluation.scores.file import ScoreFile
from evaluation.scores.keys import content_key, request_key
from reranker.instructions import resolve
from reranker.protocol import Judgement, Reranker


class Ask(Protocol):
    """Asks one judge."""

    @property
    def fingerprint(self) -> str: ...

    def ask(self, task: str | None, query: Content, documents: Sequence[Document]) -> tuple[list[Judgement], float]:
        """Judgements in the order of the documents, and milliseconds. Raises as `Reranker.score`."""


class Anew:
    """Asks the model, always."""

    def __init__(self, reranker: Reranker) -> None:
        self._reranker = reranker

    @property
    def fingerprint(self) -> str:
        return self._reranker.fingerprint

    def ask(self, task: str | None, query: Content, documents: Sequence[Document]) -> tuple[list[Judgement], float]:
        started = time.perf_counter()
        judgements = self._reranker.score(task, query, documents)
        return judgements, 1000 * (time.perf_counter() - started)


class Once:
    """Asks the model for what the file does not hold; the time of the others is what they took then."""

    def __init__(self, reranker: Reranker, scores: ScoreFile) -> None:
        self._reranker = CachedReranker(reranker, scores)
        self._scores = scores

    @property
    def fingerprint(self) -> str:
        return self._reranker.fingerprint

    def ask(self, task: str | None, query: Content, documents: Sequence[Document]) -> tuple[list[Judgement], float]:
        judgements = self._reranker.score(task, query, documents)
        kept = self._scores.of(request_key(self.fingerprint, resolve(task, query), query))
        keys = [content_key(one) for one in documents if not isinstance(one, Unreadable)]
        return judgements, sum(kept[key].ms for key in keys if key in kept)
