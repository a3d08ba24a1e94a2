"""The patterns of an adapter's config, resolved to names of its base's layers in bounded time. Knows no peft.

peft gives them to `re`, where one as short as `(\\w+\\.?)+\\$` runs for ever and lets no other thread run meanwhile.
"""

import re
from collections.abc import Iterable, Mapping
from time import monotonic
from typing import Final

import regex

_PATIENCE_S: Final = 5.0  # for all patterns of an adapter; those of the largest take hundredths of it
_LONGEST: Final = 50_000  # characters; all names of the largest model as one alternation are 20,000
_PLAIN: Final = re.compile(r"[\w.]{1,200}")


class Patterns:
    """Finds what patterns mean among the names of layers; every method raises ValueError, in a few words, for one that
    is no pattern, or that takes too long."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        self._end = monotonic() + _PATIENCE_S

    def matching(self, pattern: str) -> list[str]:
        """The names that `pattern` matches from end to end."""
        compiled = self._compiled(pattern)
        return [name for name in self._names if self._matches(compiled, name)]

    def by_name(self, values: Mapping[str, object]) -> dict[str, object]:
        """values: by patterns of a name or of its end, the first that matches being meant. Gives the same values, each
        by one pattern that is an alternation of names, and so is quick in any engine."""
        patterns = [(self._compiled(rf"(?:.*\.)?(?:{key})"), value) for key, value in values.items()]
        meant: dict[str, tuple[object, list[str]]] = {}
        for name in self._names:
            for compiled, value in patterns:
                if self._matches(compiled, name):
                    meant.setdefault(repr(value), (value, []))[1].append(re.escape(name))
                    break
        return {"|".join(names): value for value, names in meant.values()}

    def _compiled(self, pattern: str) -> "regex.Pattern[str]":
        self._patience_left(pattern)
        if len(pattern) > _LONGEST:
            raise ValueError(f"a pattern of {len(pattern):,} characters, where {_LONGEST:,} is the most")
        try:
            return regex.compile(pattern)
        except (regex.error, ArithmeticError, LookupError, RecursionError, TypeError) as error:
            raise ValueError(f"{_shown(pattern)}, which is no pattern: {str(error)[:100]}") from error

    def _matches(self, pattern: "regex.Pattern[str]", name: str) -> bool:
        """Other threads go on meanwhile."""
        try:
            return bool(pattern.fullmatch(name, timeout=self._patience_left(pattern.pattern), concurrent=True))
        except TimeoutError as error:
            raise ValueError(_slow(pattern.pattern)) from error

    def _patience_left(self, pattern: str) -> float:
        left = self._end - monotonic()
        if left <= 0:
            raise ValueError(_slow(pattern))
        return left


def require_plain(names: Iterable[object]) -> None:
    """Raises ValueError where one is not the plain name of a module, or its end."""
    for name in names:
        if not isinstance(name, str) or not _PLAIN.fullmatch(name):
            raise ValueError(f"{_shown(str(name))}, which is no module's name")


def _slow(pattern: str) -> str:
    return f"{_shown(pattern)}, a pattern that takes longer than {_PATIENCE_S:g} s to match names with"


def _shown(pattern: str) -> str:
    return ascii(pattern if len(pattern) <= 100 else f"{pattern[:99]}…")
