"""The values that conditions compare with: which are taken, and what they are compared as. Knows no operators."""

import sys
from collections.abc import Mapping
from typing import Final

from content.errors import InvalidInput
from indexer.filters.tree import Operand
from indexer.store.fields import kinds_of
from indexer.store.moment import looks_like_moment, moment

MAX_VALUES: Final = 1000
MAX_CHARACTERS: Final = 10_000


def scalar(value: object, place: str) -> Operand:
    """A string that is a date becomes its moment. Raises InvalidInput for what is no string, number, boolean or null,
    with `place` as `param`."""
    if isinstance(value, list | tuple):
        raise InvalidInput(
            f"`{place}` is compared with one value, and this is a list: $in takes a list, and $contains finds an "
            "element of a field that holds one",
            param=place,
        )
    if not isinstance(value, str | int | float | None):
        raise InvalidInput(f"`{place}` takes a string, a number, true, false or null, not {named(value)}", param=place)
    check_writable(value, place)
    *_, (kind, plain) = kinds_of(value)
    return Operand(kind, plain)


def ordered(value: object, place: str) -> Operand:
    """As `scalar`, but of what has an order: numbers, strings and dates."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InvalidInput(
            f'`{place}` takes a number or a string (a date is one: "2024-05-01"), not {named(value)}', param=place
        )
    if isinstance(value, str) and looks_like_moment(value) and moment(value) is None:
        raise InvalidInput(f"`{place}` is no day or time that there is: {value}", param=place)
    return scalar(value, place)


def several(value: object, place: str) -> list[Operand]:
    """A list of scalars; an empty one is taken too. Raises InvalidInput."""
    if not isinstance(value, list | tuple):
        raise InvalidInput(f"`{place}` takes a list of values, and this is {named(value)}", param=place)
    if len(value) > MAX_VALUES:
        raise InvalidInput(f"`{place}` takes at most {MAX_VALUES} values, not {len(value)}", param=place)
    return [scalar(each, f"{place}[{position}]") for position, each in enumerate(value)]


def named(value: object) -> str:
    """What JSON calls it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return "a string"
        case int() | float():
            return "a number"
        case list() | tuple():
            return "a list"
        case Mapping():
            return "an object"
    return f"a Python object ({type(value).__name__})"


def check_writable(value: str | float | None, place: str) -> None:
    """Raises InvalidInput for numbers and strings that no metadata holds."""
    if isinstance(value, str):
        if len(value) > MAX_CHARACTERS:
            raise InvalidInput(
                f"a string in a filter has at most {MAX_CHARACTERS} characters, not {len(value)}", param=place
            )
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise InvalidInput(
                f"`{place}` is no valid Unicode: a lone surrogate at position {error.start}", param=place
            ) from error
    elif value is not None and not abs(value) <= sys.float_info.max:
        raise InvalidInput(f"`{place}` takes finite numbers up to 1.8e308", param=place)
