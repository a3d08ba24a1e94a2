"""A filter as a tree of plain conditions. Knows neither how it was written nor how it is evaluated."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from indexer.store.fields import Kind, SqlValue

Sign = Literal["<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Operand:
    """A value with its kind: to Python alone, true would be 1, and two filters one."""

    kind: Kind
    value: SqlValue


@dataclass(frozen=True, slots=True)
class Among:
    """The field, or an element of its list, is one of these."""

    field: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """The field, or an element of its list, is of the operand's kind and on that side of it."""

    field: str
    sign: Sign
    operand: Operand


@dataclass(frozen=True, slots=True)
class Containing:
    """The field is a list that holds the operand, or a string that holds `part`, whatever the case of ASCII letters."""

    field: str
    operand: Operand
    part: str | None


@dataclass(frozen=True, slots=True)
class Present:
    """The item has the field."""

    field: str


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Some:
    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Filter"


Leaf = Among | Compared | Containing | Present
Filter = Leaf | All | Some | Not


def fields_of(wanted: Filter) -> Iterator[str]:
    """The fields that it names, as often as it does."""
    match wanted:
        case All(parts) | Some(parts):
            for part in parts:
                yield from fields_of(part)
        case Not(part):
            yield from fields_of(part)
        case _:
            yield wanted.field
