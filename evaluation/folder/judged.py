"""Stage 2 over a query's candidates, by the path that serves searches; what was judged before is not judged again.
Knows no folder and no figures."""

from collections.abc import Mapping, Sequence
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
    """Judges candidates, few of them in memory at once. Each step's scores are written down when it is done."""

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
        notes = _Notes(self._scores, request, [keys[at] for at in missing])
        begin = perf_counter()
        with self._worker.lane() as lane:
            made = judge(
                lane,
                self._reranker,
                instruction,
                query,
                [found[at] for at in missing],
                self._documents.read,
                watch=notes.take,
            ) if missing else []  # fmt: skip
        ms = 1000 * (perf_counter() - begin) if missing else 0.0
        judged = dict(zip(missing, made, strict=True)) | {at: one.judgement for at, one in known.items()}
        return Judged(
            tuple(judged[at] for at in range(len(found))), ms + sum(one.ms for one in known.values()), len(missing)
        )


class _Notes:
    """Writes down what is new after each step, with its share of the time since the one before."""

    def __init__(self, scores: ScoreFile, request: bytes, keys: Sequence[bytes | None]) -> None:
        self._scores = scores
        self._request = request
        self._keys = keys
        self._taken: set[int] = set()
        self._last = perf_counter()

    def take(self, judgements: Mapping[int, Judgement]) -> None:
        """judgements: all so far, by place."""
        new = judgements.keys() - self._taken
        now = perf_counter()
        ms = 1000 * (now - self._last) / max(1, len(new))
        self._scores.keep(
            self._request, {key: Kept(judgements[at], ms) for at in new if (key := self._keys[at]) is not None}
        )
        self._taken |= new
        self._last = now
