"""What a run found out, row by row, down to the single query. Computes nothing."""

from dataclasses import dataclass

from evaluation.demo.outcome import ForeignOutcome, Outcome
from evaluation.demo.pairs import Task
from measures.calibration import Verdict


@dataclass(frozen=True, slots=True)
class Result:
    """One row. outcomes: in the order of the queries. verdicts: of the balanced pairs, empty where there are none.
    foreign: of the queries that nothing answers, empty where they were not asked."""

    task: Task
    candidates: int
    outcomes: tuple[Outcome, ...]
    verdicts: tuple[Verdict, ...] = ()
    foreign: tuple[ForeignOutcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Setup:
    """What two runs must share for their rows to stand in one table.

    catalogue: fingerprint of what was asked and searched. Weights are judged on scenes that they have not seen only
    where they were trained on a catalogue that holds back the same ones, and weights do not tell.
    """

    encoder: str
    encoder_fingerprint: str
    reranker: str
    reranker_fingerprint: str
    items: int
    seed: int
    catalogue: str
    depth: int
