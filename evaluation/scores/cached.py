"""A reranker that judges no pair twice: what it said once is read from a file. Knows the model by its protocol only."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from time import perf_counter

from content import Content, Document, Unreadable
from evaluation.scores.file import Kept, ScoreFile
from evaluation.scores.keys import content_key, request_key
from reranker.instructions import resolve
from reranker.protocol import Judgement, Reranker, Step, score_in_steps


class CachedReranker:
    """The Reranker given, asked only for what `scores` does not hold. Judgements come back as they were made.

    A judgement is found again where the model's fingerprint, the instruction and both contents are the same. Those of a
    call are written when all of them are there, so that one that is begun anew after a kill has the batches it would
    have had, and the same scores to the last bit. One with an error is not kept. scores: may be shared by several
    rerankers, and stays its maker's to close.
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
        made = _Made(lambda judged: self._scores.keep(request, judged))

        def missing() -> Iterator[Document]:
            for place, document in enumerate(documents):
                key = None if isinstance(document, Unreadable) else content_key(document)
                if key in kept:
                    found[place] = kept[key].judgement
                else:
                    made.asked.append((place, key))
                    yield document

        for step in self._reranker.steps(task, query, missing()):
            yield made.noted(step)
        made.no_more_steps()
        if found:
            yield lambda: found


class _Made:
    """What one call's steps came to, in whatever order and on whatever thread, written down when all of it is there.

    keep: writes. asked: places among the call's documents, in the order in which the model is given them, each with its
    key where it has one.
    """

    def __init__(self, keep: Callable[[Mapping[bytes, Kept]], None]) -> None:
        self.asked: list[tuple[int, bytes | None]] = []
        self._keep = keep
        self._judged: dict[int, Kept] = {}  # by place in `asked`
        self._all_asked = False

    def noted(self, step: Step) -> Step:
        """The step, with its documents' places among all."""

        def run() -> Mapping[int, Judgement]:
            begin = perf_counter()
            judged = step()
            ms = 1000 * (perf_counter() - begin) / max(1, len(judged))
            self._judged |= {at: Kept(one, ms) for at, one in judged.items()}
            self._keep_if_all()
            return {self.asked[at][0]: one for at, one in judged.items()}

        return run

    def no_more_steps(self) -> None:
        self._all_asked = True
        self._keep_if_all()

    def _keep_if_all(self) -> None:
        """The last step may run before or after its thread hears that it was the last; keeping twice does no harm."""
        if self._all_asked and self.asked and len(self._judged) == len(self.asked):
            keys = ((key, at) for at, (_, key) in enumerate(self.asked) if key is not None)
            self._keep({key: self._judged[at] for key, at in keys})
