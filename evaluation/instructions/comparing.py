"""Which instruction ranks labelled examples best, and whether that is more than chance. Knows no command line and not
where the judge comes from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final, Literal

from measures.correction import holm
from measures.metrics import Estimate, PerQuery, estimate
from measures.significance import Significance, paired
from reranker.examples.contents import Contents
from reranker.examples.example import Group
from reranker.examples.ranking import Ranked, quality, rank_groups
from reranker.protocol import Reranker

LEVEL: Final = 0.05
Against = Literal["best", "first"]


@dataclass(frozen=True, slots=True)
class Contender:
    """label: how it is called. instruction: None stands for those that the examples have."""

    label: str
    instruction: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What one instruction came to. values: (queries,), in [0, 1]. failed: documents that could not be judged.
    seconds: for all queries."""

    contender: Contender
    values: PerQuery
    failed: int
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """An instruction in its place. against: what it has more than the reference, by the paired randomisation test; None
    for the reference itself. p: of that test, corrected for the number of tests by Holm's method."""

    judged: Judged
    mean: Estimate
    against: Significance | None
    p: float | None

    @property
    def differs(self) -> bool:
        return self.p is not None and self.p < LEVEL


def judged(
    reranker: Reranker,
    groups: Sequence[Group],
    contents: Contents,
    contenders: Sequence[Contender],
    measure: str,
    on_group: Callable[[], None] = lambda: None,
) -> list[Judged]:
    """The groups ranked under each instruction. Raises as `rank_groups` and `measure` do.

    Group by group, and each group by another instruction first: who comes first reads the pictures, which the others
    find read, so that seconds would else be unfair. on_group: told after each group of each instruction.
    """
    ranked: list[list[Ranked]] = [[] for _ in contenders]
    seconds = [0.0] * len(contenders)
    for number, group in enumerate(groups):
        for turn in range(len(contenders)):
            place = (number + turn) % len(contenders)
            begin = perf_counter()
            ranked[place] += rank_groups(
                reranker, [group], contents, instruction=contenders[place].instruction, on_group=on_group
            )
            seconds[place] += perf_counter() - begin
    return [
        Judged(contender, quality(own, [measure])[measure], _failed(own), spent)
        for contender, own, spent in zip(contenders, ranked, seconds, strict=True)
    ]


def standings(found: Sequence[Judged], against: Against = "best", *, seed: int = 0) -> list[Standing]:
    """Best mean first; the earlier of two that are equal. against: the reference of the tests.

    The best is chosen by the same queries that it is then tested on, which flatters it a little; a reference that was
    named first is not chosen by anything.
    """
    order = sorted(found, key=lambda one: -float(one.values.mean()))
    reference = order[0] if against == "best" else found[0]
    tests = {id(one): paired(reference.values, one.values, seed=seed) for one in order if one is not reference}
    corrected = dict(zip(tests, holm([test.p for test in tests.values()]), strict=True))
    return [Standing(one, estimate(one.values, seed=seed), tests.get(id(one)), corrected.get(id(one))) for one in order]


def verdict(ordered: Sequence[Standing]) -> str:
    """What may be concluded, in one sentence or two. ordered: as `standings` gives them."""
    reference = next(one for one in ordered if one.against is None)
    queries = len(reference.judged.values)
    behind = [one for one in ordered if one.differs and one.against is not None and one.against.difference < 0]
    before = [one for one in ordered if one.differs and one.against is not None and one.against.difference > 0]
    name = reference.judged.contender.label
    said = []
    if before:
        said.append(f"{_named(before)} {_rank(before)} better than {name}, by more than chance.")
    if behind:
        said.append(f"{name} ranks better than {_named(behind)}, by more than chance.")
    if not said:
        said.append(
            f"No difference is significant: by these {queries:,} queries nobody can say which instruction is best."
        )
    elif len(before) + len(behind) < len(ordered) - 1:
        said.append(f"The others do not differ from {name} significantly.")
    if 2 / 2**queries > LEVEL / max(1, len(ordered) - 1):
        said.append("So few queries cannot show a difference, however large; label more.")
    return " ".join(said)


def _failed(ranked: Sequence[Ranked]) -> int:
    return sum(judgement.error is not None for one in ranked for judgement in one.judgements)


def _named(some: Sequence[Standing]) -> str:
    labels = [one.judged.contender.label for one in some]
    return " and ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)


def _rank(some: Sequence[Standing]) -> str:
    return "rank" if len(some) > 1 else "ranks"
