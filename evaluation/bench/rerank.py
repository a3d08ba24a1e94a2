"""`lychee bench rerank`: this pass beside the plain one and the peer, pair by pair, and beside the floor. Knows no
terminal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

from evaluation.bench.checkpoint import Checkpoint
from evaluation.bench.corpus import Corpus, Task
from evaluation.bench.floor import (
    Lengths,
    Needed,
    Rates,
    floor_seconds,
    lengths,
    mean_rate,
    needed,
    rates,
    synchronize,
)
from evaluation.bench.operations import Operations
from evaluation.bench.setup import Setup
from evaluation.bench.shape import Linear
from evaluation.bench.sides import COLD, OURS, PEER, PLAIN, WARM, Side, sides, spread_scores
from evaluation.bench.timing import Rounds, Run, alternate


@dataclass(frozen=True, slots=True)
class Spread:
    """Over the rounds."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SideFigures:
    """What one side came to on one pair.

    seconds: of every counted round. ratio: the baseline's time by this side's, round by round; None for what a baseline
    may be. processor_ratio: the same of processor time. prompt_tokens_per_s: of whole prompts, as a pass reads them
    that reuses nothing, so that sides compare. difference: the largest of a score to the plain pass's of the same
    round. tried: batch size -> seconds of the round that chose it. floor: least seconds for what this side has to
    compute; floor_share: floor by seconds, round by round.
    """

    name: str
    batch_size: int | None
    tried: Mapping[str, float]
    seconds: tuple[float, ...]
    ratio: Spread | None
    processor_ratio: Spread | None
    documents_per_s: float
    prompt_tokens_per_s: float
    difference: float
    floor: float | None
    floor_share: Spread | None


@dataclass(frozen=True, slots=True)
class Rate:
    """One matrix of the model, (outputs, inputs). rows: that it is multiplied with in a request. gflops: measured."""

    outputs: int
    inputs: int
    rows: int
    gflops: float


@dataclass(frozen=True, slots=True)
class PairFigures:
    """baseline: the quicker of plain pass and peer. prefix_tokens: system, instruction and query. own_tokens: of all
    documents. cold_gflop, warm_gflop: operations that must be done, in 10^9. gflops: mean over the matrices of `rates`,
    weighted by time. scores: (lowest, highest) of the plain pass."""

    pair: str
    documents: int
    prefix_tokens: int
    own_tokens: int
    cold_gflop: float
    warm_gflop: float
    gflops: float
    rates: tuple[Rate, ...]
    scores: tuple[float, float]
    baseline: str
    sides: tuple[SideFigures, ...]


@dataclass(frozen=True, slots=True)
class Options:
    setup: Setup
    pairs: Sequence[str]
    documents: int
    rounds: int


def measure(options: Options, checkpoint: Checkpoint, say: Callable[[str], None]) -> list[PairFigures]:
    setup = options.setup
    corpus = Corpus(checkpoint.processor.tokenizer, setup.picture_tokens, setup.seed)
    say("making the scores differ")
    spread_scores(checkpoint, corpus)
    compared = sides(checkpoint)
    tasks = (corpus.task(pair, options.documents, options.rounds + 1) for pair in options.pairs)
    return [_pair(setup, checkpoint, compared, task, say) for task in tasks]


def _pair(
    setup: Setup, checkpoint: Checkpoint, compared: Sequence[Side], task: Task, say: Callable[[str], None]
) -> PairFigures:
    found = lengths(checkpoint, task)
    needs = needed(setup.shape, task, found, setup.picture_tokens)
    measured: list[Rates] = []
    rounds = alternate(
        compared,
        task,
        say,
        partial(synchronize, setup.place),
        lambda: measured.append(rates(needs.cold, setup.place, setup.number)),
    )
    return figures(task, found, needs, rounds, measured)


def figures(
    task: Task, found: Lengths, needs: Needed, rounds: Mapping[str, Rounds], measured: Sequence[Rates]
) -> PairFigures:
    """What the rounds of all sides come to. measured: of every counted round."""
    baseline = min((rounds[name] for name in (PLAIN, PEER) if name in rounds), key=lambda one: one.seconds)
    typical = {matrix: median(one[matrix] for one in measured) for matrix in measured[0]}
    plain = [score for run in rounds[PLAIN].runs for score in run.scores]
    return PairFigures(
        pair=task.pair,
        documents=len(task.documents),
        prefix_tokens=found.prefix,
        own_tokens=sum(found.own),
        cold_gflop=needs.cold.total / 1e9,
        warm_gflop=needs.warm.total / 1e9,
        gflops=mean_rate(needs.cold, typical) / 1e9,
        rates=tuple(_rate(matrix, rows, typical) for matrix, rows in needs.cold.linear.items()),
        scores=(min(plain), max(plain)),
        baseline=baseline.side.name,
        sides=tuple(
            _side(one, baseline, rounds[PLAIN].runs, len(task.documents), found.prompts, _floors(one, needs, measured))
            for one in rounds.values()
        ),
    )


def _side(
    one: Rounds,
    baseline: Rounds,
    plain: Sequence[Run],
    documents: int,
    prompt_tokens: int,
    floors: Sequence[float],
) -> SideFigures:
    side, seconds = one.side, tuple(run.seconds for run in one.runs)
    beside = list(zip(baseline.runs, one.runs, strict=True))
    return SideFigures(
        name=side.name,
        batch_size=side.batch_size,
        tried={"" if size is None else str(size): spent for size, spent in one.tried.items()},
        seconds=seconds,
        ratio=_spread([base.seconds / run.seconds for base, run in beside]) if side.name in OURS else None,
        processor_ratio=_spread([base.processor / run.processor for base, run in beside])
        if side.name in OURS
        else None,
        documents_per_s=documents / one.seconds,
        prompt_tokens_per_s=prompt_tokens / one.seconds,
        difference=max(_difference(run, reference) for run, reference in zip(one.runs, plain, strict=True)),
        floor=median(floors) if floors else None,
        floor_share=_spread([floor / spent for floor, spent in zip(floors, seconds, strict=True)]) if floors else None,
    )


def _floors(one: Rounds, needs: Needed, measured: Sequence[Rates]) -> list[float]:
    """Least seconds of each round, by the rates of that round; none for what computes more than it must."""
    operations: Mapping[str, Operations] = {COLD: needs.cold, WARM: needs.warm}
    if one.side.name not in operations:
        return []
    return [floor_seconds(operations[one.side.name], rates_then) for rates_then in measured]


def _difference(run: Run, reference: Run) -> float:
    return max(abs(one - other) for one, other in zip(run.scores, reference.scores, strict=True))


def _rate(matrix: Linear, rows: int, typical: Rates) -> Rate:
    return Rate(matrix.outputs, matrix.inputs, rows, typical[matrix] / 1e9)


def _spread(values: Sequence[float]) -> Spread:
    return Spread(median(values), min(values), max(values))
