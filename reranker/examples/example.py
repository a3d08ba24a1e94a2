"""One graded pair to learn from. Knows nothing of files and not what a picture shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

IMAGE_DESCRIPTION = "[IMAGE_DESC]"
"""Begins a text that describes a picture where there is none. It is a part of the text, in training as in use."""

POSITIVE: Final = 0.5
"""Examples with a score from here on are positives, wherever it takes a yes or a no."""


@dataclass(frozen=True, slots=True)
class Side:
    """A query or a document: text, a picture, or both; at least one of the two.

    image: a path below the folder of the file that names it, or a data URI.
    """

    text: str | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """How well a document answers a query under an instruction.

    instruction: a text, or a name of `INSTRUCTIONS`; "" stands for the default for this kind of query. score: in
    [0, 1]. line: where it stands in its file, from 1; several of one group stand in one line. 0: in no file.
    """

    instruction: str
    query: Side
    document: Side
    score: float
    line: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """All examples of one instruction and query, in the order of their file: what is ranked together."""

    instruction: str
    query: Side
    examples: tuple[Example, ...]


def grouped(examples: Iterable[Example]) -> list[Group]:
    """In the order in which their first examples come."""
    groups: dict[tuple[str, Side], list[Example]] = {}
    for example in examples:
        groups.setdefault((example.instruction, example.query), []).append(example)
    return [Group(*of, tuple(members)) for of, members in groups.items()]
