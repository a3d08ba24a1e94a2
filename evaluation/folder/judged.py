"""Stage 2 over a query's candidates, by the path that serves searches; what was judged before is not judged again.
Knows no folder and no figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from content import Content
from evaluation.folder.documents import Documents
from evaluation.folder.recalled import Recalled
from evaluation.scores.file import Kept, ScoreFile
from evaluation.scores.keys import request_key
from reranker.protocol import Judgement, Reranker
from search.stage2 import judge
from search.worker import DeviceWorker


@dataclass(frozen=True, slots=True)
class Judged:
    """judgements: in the order of the candidates. ms: what they took, those that were kept counted as they took then.
    made: how many were judged just now."""

    judgements: tuple[Judgement, ...]
    ms: float
    made: int


class Stage2:
    """Judges candidates, few of them in memory at once. A query's scores are written down when all are there."""

    def __init__(self, reranker: Reranker, documents: Documents, scores: ScoreFile, worker: DeviceWorker) -> None:
        self._reranker = reranker
        self._documents = documents
        self._scores = scores
        self._worker = worker

    @property
    def name(self) -> str:
        return self._reranker.name

    @property
    def fingerprint(self) -> str:
        return self._reranker.fingerprint

    def judge(self, instruction: str, query: Content, found: Sequence[Recalled]) -> Judged:
        """instruction: the resolved text. Raises InvalidInput for a query that is too long, and what the disk does."""
        request = request_key(self.fingerprint, instruction, query)
        keys = self._documents.keys(found)
        kept = self._scores.of(request)
        known = {at: kept[key] for at, key in enumerate(keys) if key is not None and key in kept}
        missing = [at for at in range(len(found)) if at not in known]
        begin = perf_counter()
        made = dict(zip(missing, self._made(instruction, query, [found[at] for at in missing]), strict=True))
        ms = 1000 * (perf_counter() - begin) if made else 0.0
        # All of a query at once: one that was begun anew has the batches it would have had, and so the same scores.
        new = {key: Kept(one, ms / len(made)) for at, one in made.items() if (key := keys[at]) is not None}
        self._scores.keep(request, new)
        judged = made | {at: one.judgement for at, one in known.items()}
        return Judged(
            tuple(judged[at] for at in range(len(found))), ms + sum(one.ms for one in known.values()), len(made)
        )

    def _made(self, instruction: str, query: Content, found: Sequence[Recalled]) -> list[Judgement]:
        if not found:
            return []
        with self._worker.lane() as lane:
            return judge(lane, self._reranker, instruction, query, found, self._documents.read)
