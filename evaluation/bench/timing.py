"""Runs the sides by turns, so that all meet the same machine. Knows no models."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from evaluation.bench.corpus import Task
from evaluation.bench.sides import Side


@dataclass(frozen=True, slots=True)
class Run:
    """One side over all documents, once. processor: seconds of processor time, of all threads; on a busy machine
    they mean more than those of the clock, though threads that wait for each other count."""

    seconds: float
    processor: float
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Rounds:
    """side: the batch size that was quickest. runs: one per counted round. tried: batch size -> seconds of the round
    that warms up; one entry, under None, where there is no choice."""

    side: Side
    runs: tuple[Run, ...]
    tried: Mapping[int | None, float]

    @property
    def seconds(self) -> float:
        return median(run.seconds for run in self.runs)


def alternate(
    sides: Sequence[Side],
    task: Task,
    say: Callable[[str], None],
    synchronize: Callable[[], None],
    each_round: Callable[[], None],
) -> dict[str, Rounds]:
    """The first round, which is not counted, warms up and chooses each side's batch size; the others begin with another
    side each. One round per query of the task. each_round: is run once per counted round, among the sides.
    """
    first: dict[str, list[tuple[float, Side]]] = {}
    for side in sides:
        say(f"{task.pair}: warming up, {_named(side)}")
        once(side, task, 0, synchronize, few=2)
        first.setdefault(side.name, []).append((once(side, task, 0, synchronize).seconds, side))
    chosen = [min(tried, key=lambda one: one[0])[1] for tried in first.values()]
    runs: dict[str, list[Run]] = {side.name: [] for side in chosen}
    for number in range(1, len(task.queries)):
        each_round()
        for side in _rotated(chosen, number):
            say(f"{task.pair}: round {number} of {len(task.queries) - 1}, {_named(side)}")
            runs[side.name].append(once(side, task, number, synchronize))
    return {
        side.name: Rounds(
            side, tuple(runs[side.name]), {tried.batch_size: seconds for seconds, tried in first[side.name]}
        )
        for side in chosen
    }


def once(side: Side, task: Task, number: int, synchronize: Callable[[], None], few: int | None = None) -> Run:
    """number: which of the task's queries. few: only so many of the documents."""
    judge = side.ready()
    documents = task.documents[:few]
    synchronize()
    begin, processor = time.perf_counter(), time.process_time()
    scores = judge(task.queries[number], documents)
    synchronize()
    return Run(time.perf_counter() - begin, time.process_time() - processor, tuple(scores))


def _rotated(sides: Sequence[Side], by: int) -> Sequence[Side]:
    by %= len(sides)
    return [*sides[by:], *sides[:by]]


def _named(side: Side) -> str:
    return side.name if side.batch_size is None else f"{side.name} in batches of {side.batch_size}"
