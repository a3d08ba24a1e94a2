"""Reads a filter as JSON holds it, and says where and why one is wrong. Knows nothing of stores."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from content.errors import InvalidInput
from indexer.filters.conditions import OPERATORS, condition
from indexer.filters.operands import check_writable, named
from indexer.filters.tree import All, Filter, Not, Some

MAX_DEPTH: Final = 16
MAX_CONDITIONS: Final = 256
_JOINING: Final = ("$and", "$or", "$nor", "$not")
_OF_FIELDS: Final = (*OPERATORS, "$not")
_SHOWN: Final = 40


def parse_filter(value: object) -> Filter | None:
    """None for no filter: None itself, or an object with nothing in it.

    Raises InvalidInput, whose `param` is the place: `filter`, `filter.price.$lt`, `filter.$or[1].brand`.
    """
    return None if value is None or value == {} else _Parser().filter(value, "filter", 1)


class _Parser:
    """Counts conditions as it goes, so that a huge filter is refused before much of it is read."""

    def __init__(self) -> None:
        self._conditions = 0

    def filter(self, value: object, place: str, depth: int) -> Filter:
        """An object whose keys are fields, or `$and`, `$or`, `$nor`, `$not`; all of them must hold."""
        entries = self._entries(value, place, depth, 'an object such as {"price": {"$lt": 500}}')
        return _all([self._entry(key, inner, place, depth) for key, inner in entries.items()])

    def _entry(self, key: str, value: object, place: str, depth: int) -> Filter:
        inner = f"{place}.{_short(key)}"
        match key:
            case "$and":
                return All(self._filters(value, inner, depth))
            case "$or":
                return Some(self._filters(value, inner, depth))
            case "$nor":
                return Not(Some(self._filters(value, inner, depth)))
            case "$not":
                return Not(self.filter(value, inner, depth + 1))
        if key.startswith("$"):
            raise InvalidInput(_no_joining(key), param=inner)
        check_writable(key, inner)
        if isinstance(value, Mapping):
            return self._tests(key, value, inner, depth + 1)
        self._count()
        return condition(key, "$eq", value, inner)

    def _filters(self, value: object, place: str, depth: int) -> tuple[Filter, ...]:
        if not isinstance(value, list | tuple) or not value:
            given = "an empty one" if value == [] else named(value)
            raise InvalidInput(f"`{place}` takes a list of one or more filters, not {given}", param=place)
        return tuple(self.filter(part, f"{place}[{i}]", depth + 1) for i, part in enumerate(value))

    def _tests(self, field: str, value: object, place: str, depth: int) -> Filter:
        """An object of operators, all of which must hold for the field."""
        entries = self._entries(value, place, depth, 'an object of operators such as {"$lt": 500}')
        return _all([self._test(field, operator, inner, place, depth) for operator, inner in entries.items()])

    def _test(self, field: str, operator: str, value: object, place: str, depth: int) -> Filter:
        inner = f"{place}.{_short(operator)}"
        if operator == "$not":
            return Not(self._tests(field, value, inner, depth + 1))
        if operator not in OPERATORS:
            raise InvalidInput(_no_operator(field, operator), param=inner)
        self._count()
        return condition(field, operator, value, inner)

    def _entries(self, value: object, place: str, depth: int, wanted: str) -> Mapping[str, object]:
        if not isinstance(value, Mapping) or not value:
            given = "an empty one" if value == {} else named(value)
            raise InvalidInput(f"`{place}` takes {wanted}, not {given}", param=place)
        if depth > MAX_DEPTH:
            raise InvalidInput(f"a filter is nested at most {MAX_DEPTH} deep", param="filter")
        for key in value:
            if not isinstance(key, str):
                raise InvalidInput(f"`{place}` has a key that is no string: {_short(str(key))}", param=place)
        return value

    def _count(self) -> None:
        self._conditions += 1
        if self._conditions > MAX_CONDITIONS:
            raise InvalidInput(
                f"a filter has at most {MAX_CONDITIONS} conditions; many values of one field go into one $in",
                param="filter",
            )


def _all(parts: list[Filter]) -> Filter:
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _no_joining(key: str) -> str:
    if key in OPERATORS:
        return f'`{key}` stands inside a field: {{"price": {{"{key}": ...}}}}'
    return f"there is no operator `{_short(key)}` here{_meant(key, _JOINING)}, only {', '.join(_JOINING)} and fields"


def _no_operator(field: str, key: str) -> str:
    if key in _JOINING:
        return f'`{key}` stands outside of fields: {{"{key}": [{{"{_short(field)}": ...}}, ...]}}'
    if key.startswith("$") or f"${key}" in _OF_FIELDS:
        return f"there is no operator `{_short(key)}`{_meant(key, _OF_FIELDS)}, only {', '.join(_OF_FIELDS)}"
    whole = _short(f"{field}.{key}")
    return f"`{_short(key)}` is no operator ({', '.join(_OF_FIELDS)}); metadata is flat, with fields such as `{whole}`"


def _meant(key: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(f"${key.lstrip('$').lower()[:_SHOWN]}", known, 1, 0.6)
    return f" (did you mean `{near[0]}`?)" if near else ""


def _short(key: str) -> str:
    """Names are repeated in messages, and may be long or hold what cannot be written."""
    shown = key if len(key) <= _SHOWN else f"{key[: _SHOWN - 1]}…"
    return shown.encode("utf-8", "replace").decode()
