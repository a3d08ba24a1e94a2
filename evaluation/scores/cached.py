"""A reranker that judges no pair twice: what it said once is read from a file. Knows the model by its protocol only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from time import perf_counter

from content import Content, Document, Unreadable
from evaluation.scores.file import Kept, ScoreFile
from evaluation.scores.keys import content_key, request_key
from reranker.instructions import resolve
from reranker.protocol import Judgement, Reranker, Step, score_in_steps


class CachedReranker:
    """The Reranker given, asked only for what `scores` does not hold. Judgements come back as they were made.

    A judgement is found again where the model's fingerprint, the instruction and both contents are the same. It is
    written as soon as its step is done; one with an error is not kept. scores: may be shared by several rerankers, and
    stays its maker's to close.
    """

    def __init__(self, reranker: Reranker, scores: ScoreFile) -> None:
        self._reranker = reranker
        self._scores = scores

    @property
    def name(self) -> str:
        return self._reranker.name

    @property
    def fingerprint(self) -> str:
        return self._reranker.fingerprint

    def score(self, instruction: str | None, query: Content, documents: Sequence[Document]) -> list[Judgement]:
        """As `Reranker.score` says."""
        return score_in_steps(self.steps(instruction, query, documents), len(documents))

    def steps(self, instruction: str | None, query: Content, documents: Iterable[Document]) -> Iterator[Step]:
        """As `Reranker.steps` says; what was kept is the last step."""
        task = resolve(instruction, query)
        request = request_key(self.fingerprint, task, query)
        kept = self._scores.of(request)
        found: dict[int, Judgement] = {}
        asked: list[tuple[int, bytes | None]] = []  # place in `documents`, and the key where there is one

        def missing() -> Iterator[Document]:
            for place, document in enumerate(documents):
                key = None if isinstance(document, Unreadable) else content_key(document)
                if key in kept:
                    found[place] = kept[key].judgement
                else:
                    asked.append((place, key))
                    yield document

        for step in self._reranker.steps(task, query, missing()):
            yield self._kept(step, request, asked)
        if found:
            yield lambda: found

    def _kept(self, step: Step, request: bytes, asked: Sequence[tuple[int, bytes | None]]) -> Step:
        """The step, with its documents' places among all, writing down what it came to."""

        def run() -> Mapping[int, Judgement]:
            begin = perf_counter()
            judged = step()
            ms = 1000 * (perf_counter() - begin) / max(1, len(judged))
            placed = [(*asked[at], judgement) for at, judgement in judged.items()]
            self._scores.keep(request, {key: Kept(one, ms) for _, key, one in placed if key is not None})
            return {place: one for place, _, one in placed}

        return run
