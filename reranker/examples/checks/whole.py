"""What only the whole file shows: groups on one side, balance, instructions used once. Knows digests, no texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reranker.examples.checks.finding import Finding
from reranker.examples.checks.kinds import IMBALANCE, NO_EXAMPLES, NO_NEGATIVE, NO_POSITIVE, ONE_OFF, SAME_SCORE
from reranker.examples.checks.normal import digest
from reranker.examples.checks.row import Row
from reranker.examples.example import POSITIVE

FEWEST: Final = 10  # examples below which shares say nothing
RARE: Final = 0.02  # the least share of positives, and of negatives: one in fifty
ONE_OFFS: Final = 0.1  # the largest share of examples with an instruction of their own
_SHOWN: Final = 5


@dataclass(slots=True)
class _Group:
    line: int
    explicit: bool
    examples: int = 0
    positives: int = 0


class Whole:
    """Memory: about 250 bytes for each query, and for each instruction."""

    def __init__(self) -> None:
        self._groups: dict[bytes, _Group] = {}
        self._instructions: dict[bytes, int] = {}  # the line that used it; 0: several did
        self._examples = self._positives = 0
        self._scores: set[float] = set()

    @property
    def examples(self) -> int:
        return self._examples

    def see(self, row: Row) -> None:
        if row.instruction is None or row.query is None or row.form:
            return
        key = digest(row.instruction.near, row.query.near)
        group = self._groups.setdefault(key, _Group(row.line, row.group))
        group.explicit |= row.group
        for one in row.judged:
            good = one.score is not None and one.score >= POSITIVE
            group.examples += 1
            group.positives += good
            self._examples += 1
            self._positives += good
            if one.score is not None and len(self._scores) < 2:
                self._scores.add(one.score)
        if row.instruction.size:
            known = self._instructions.get(row.instruction.near)
            self._instructions[row.instruction.near] = row.line if known is None else 0

    def findings(self) -> Iterator[Finding]:
        if not self._examples:
            yield Finding(NO_EXAMPLES, 0, "no line of the file is an example")
        yield from self._by_group()
        yield from self._balance()
        yield from self._one_offs()

    def _by_group(self) -> Iterator[Finding]:
        """A query with one document is a pair to learn from, and no group."""
        for group in self._groups.values():
            if group.examples < 2 and not group.explicit:
                continue
            if group.positives == 0:
                reason = f"none of the {group.examples:,} documents of this query has a score of {POSITIVE} or more"
                yield Finding(NO_POSITIVE, group.line, reason, "query")
            elif group.positives == group.examples:
                reason = f"all documents of this query ({group.examples:,}) have a score of {POSITIVE} or more"
                yield Finding(NO_NEGATIVE, group.line, reason, "query")

    def _balance(self) -> Iterator[Finding]:
        if self._examples < FEWEST:
            return
        share = self._positives / self._examples
        if len(self._scores) == 1:
            yield Finding(SAME_SCORE, 0, f"all {self._examples:,} examples have the score {min(self._scores):g}")
        elif not RARE <= share <= 1 - RARE:
            reason = f"{share:.1%} of {self._examples:,} examples have a score of {POSITIVE} or more"
            yield Finding(IMBALANCE, 0, reason)

    def _one_offs(self) -> Iterator[Finding]:
        lines = [line for line in self._instructions.values() if line]
        if len(lines) >= FEWEST and len(lines) > ONE_OFFS * self._examples:
            first = ", ".join(f"{line:,}" for line in lines[:_SHOWN])
            reason = f"{len(lines):,} instructions are used once, in {self._examples:,} examples (lines {first}, ...)"
            yield Finding(ONE_OFF, 0, reason, "instruction")
