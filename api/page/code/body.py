"""The body of a request as the page's code shows it, with files of the reader's in place of pictures. Knows no
language."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Body = Mapping[str, Any]
"""What a route takes as JSON, but with `PictureFile` wherever an uploaded picture stands."""

ENVIRONMENT_KEY: Final = "LYCHEE_API_KEY"
_WIDTH: Final = 100
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture that the visitor uploaded. name: of the file on their machine, without its folder."""

    name: str


def given(body: Body) -> dict[str, Any]:
    """Without what is left to the server."""
    return {name: value for name, value in body.items() if value is not None}


def has_picture(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(has_picture, value.values()))
    if isinstance(value, list | tuple):
        return any(map(has_picture, value))
    return isinstance(value, PictureFile)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a language writes what JSON and Python share: brackets and commas, on one line where it fits.

    leaf: writes what is neither a mapping nor a list. last: stands behind the last of several lines. step: spaces.
    """

    leaf: Callable[[object], str]
    last: str = ""
    step: int = 2

    def write(self, value: object, indent: str = "") -> str:
        deeper = indent + " " * self.step
        if isinstance(value, Mapping):
            begin, end = "{}"
            entries = [f"{self.leaf(name)}: {self.write(inside, deeper)}" for name, inside in value.items()]
        elif isinstance(value, list | tuple):
            begin, end = "[]"
            entries = [self.write(inside, deeper) for inside in value]
        else:
            return self.leaf(value)
        line = f"{begin}{', '.join(entries)}{end}"
        if len(indent) + len(line) <= _WIDTH and "\n" not in line:
            return line
        lines = f",\n{deeper}".join(entries)
        return f"{begin}\n{deeper}{lines}{self.last}\n{indent}{end}"


def shown(text: str, escaped: Callable[[str], str]) -> str:
    """The text with what no reader sees escaped, such as marks that turn a line's direction round, so that code does
    what it looks as if it did. escaped: how a language writes one such character."""
    return "".join(escaped(each) if unicodedata.category(each) in _UNSEEN else each for each in text)
