"""What an evaluation found, query by query: the seam between those who measure and those who report. Knows no models
and no files."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from evaluation.conditions import Conditions
from measures.metrics import Run

STAGE_1 = "stage 1"
DEPTHS = (10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate. id: of the document. recalled: stage 1's score, the higher the better. score: P(yes) in [0, 1], None
    where stage 2 did not read it. error: why it could not."""

    id: str
    recalled: float
    score: float | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """One query. grades: document -> grade, from 0, those that were judged by people. candidates: in stage 1's order.

    recall_ms, rerank_ms: what each stage took, for all candidates together; of what was kept from an earlier run, what
    it took then.
    """

    id: str
    grades: Mapping[str, int]
    candidates: tuple[Found, ...]
    recall_ms: float
    rerank_ms: float

    def order(self, depth: int | None = None) -> list[str]:
        """Document ids, best first. depth: how many candidates stage 2 reads; the others follow in stage 1's order,
        which also decides between equal scores. None: stage 1 alone."""
        read = self.candidates[: depth or 0]
        best = sorted(range(len(read)), key=lambda at: (-(read[at].score or 0.0), at))
        return [one.id for one in chain((read[at] for at in best), self.candidates[len(read) :])]


@dataclass(frozen=True, slots=True)
class Models:
    """Names and fingerprints of what was measured; reranker None: stage 1 alone. instruction: None for the defaults."""

    encoder: str
    encoder_fingerprint: str
    reranker: str | None
    reranker_fingerprint: str | None
    instruction: str | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """title: what was searched. documents: how many. depths: of stage 2, rising; each at most the candidates'.

    warnings: a sentence each, what was not as it should be and how it was counted.
    """

    title: str
    documents: int
    models: Models
    depths: tuple[int, ...]
    answered: tuple[Answered, ...]
    conditions: Conditions
    warnings: tuple[str, ...] = ()

    @property
    def systems(self) -> dict[str, Run]:
        """The orders that are compared, by name: `stage 1`, then `stage 2 @ 10` and so on."""
        runs: dict[str, Run] = {STAGE_1: {one.id: one.order() for one in self.answered}}
        for depth in self.depths:
            runs[stage_2(depth)] = {one.id: one.order(depth) for one in self.answered}
        return runs

    @property
    def qrels(self) -> dict[str, Mapping[str, int]]:
        return {one.id: one.grades for one in self.answered}


def stage_2(depth: int) -> str:
    """The name of stage 2 at a depth."""
    return f"stage 2 @ {depth}"
