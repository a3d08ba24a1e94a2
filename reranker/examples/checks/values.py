"""The value of a line's JSON, which remembers the fields that were written twice. Knows no form."""

import json
from collections import Counter
from typing import Any, Final

from reranker.examples.checks.finding import Fault
from reranker.examples.checks.kinds import NOT_JSON


class Repeated(dict[str, Any]):
    """An object with fields that were written more than once. names: theirs."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.names = sorted(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)


def value_of(line: str) -> object:
    """What the JSON of a line says; a Fault for what is no JSON."""
    try:
        return _DECODER.decode(line)
    except (ValueError, RecursionError) as error:
        return Fault(NOT_JSON, f"this is no JSON: {str(error).partition(chr(10))[0][:120]}")


def has_repeated(value: object, depth: int = 2) -> bool:
    """Whether a field is written twice in a line or in one of its sides. depth: how much further is looked."""
    if isinstance(value, Repeated) or not depth:
        return isinstance(value, Repeated)
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(has_repeated(part, depth - 1) for part in parts if isinstance(part, dict | list))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    return value if len(value) == len(pairs) else Repeated(pairs)


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object)
