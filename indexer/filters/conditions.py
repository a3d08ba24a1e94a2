"""What one operator says of one field. Knows nothing of how conditions are joined."""

from collections.abc import Mapping, Sequence
from typing import Final

from content.errors import InvalidInput
from indexer.filters.operands import named, ordered, scalar, several
from indexer.filters.tree import Among, Compared, Containing, Filter, Not, Operand, Present, Sign, Some
from indexer.store.fields import Kind

_SIGNS: Final[Mapping[str, Sign]] = {"$lt": "<", "$lte": "<=", "$gt": ">", "$gte": ">="}
OPERATORS: Final = ("$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$nin", "$exists", "$contains")


def condition(field: str, operator: str, value: object, place: str) -> Filter:
    """operator: one of OPERATORS. Raises InvalidInput for a value that it does not take, with `place` as `param`."""
    match operator:
        case "$eq":
            return _among(field, [scalar(value, place)])
        case "$ne":
            return Not(_among(field, [scalar(value, place)]))
        case "$in":
            return _among(field, several(value, place))
        case "$nin":
            return Not(_among(field, several(value, place)))
        case "$exists":
            return _exists(field, value, place)
        case "$contains":
            return Containing(field, scalar(value, place), value if isinstance(value, str) else None)
    return Compared(field, _SIGNS[operator], ordered(value, place))


def _among(field: str, operands: Sequence[Operand]) -> Filter:
    """A field that is missing is as good as null."""
    found = Among(field, tuple(operands))
    if any(operand.kind is Kind.NULL for operand in operands):
        return Some((found, Not(Present(field))))
    return found


def _exists(field: str, value: object, place: str) -> Filter:
    if not isinstance(value, bool):
        raise InvalidInput(f"`{place}` takes true or false, not {named(value)}", param=place)
    return Present(field) if value else Not(Present(field))
