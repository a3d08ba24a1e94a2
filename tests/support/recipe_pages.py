"""The fenced blocks of docs/recipes and the marks above them: what a program sends to Lychee, and what it reads in the
answer. Knows no server."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

PAGES = sorted((Path(__file__).parents[2] / "docs" / "recipes").glob("*.md"))

_BLOCK = re.compile(r"(?:<!-- (?P<mark>.*?) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)\n```", re.DOTALL)
_STEP = re.compile(r"\.(\w+)|\[\*\]")


class Written(str):
    """A number with a fraction or an exponent, as it stands in the JSON."""


@dataclass(frozen=True, slots=True)
class Block:
    page: str
    mark: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that a page says a program sends.

    reads: the JSON paths that it reads in the answer, each with a kind. shown: the answer on the page; None where the
    program looks at the status only.
    """

    page: str
    method: str
    path: str
    body: Any
    reads: tuple[tuple[str, str], ...]
    shown: Any


def blocks(page: Path) -> list[Block]:
    matches = _BLOCK.finditer(page.read_text(encoding="utf-8"))
    return [Block(page.name, each["mark"] or "", each["language"], each["text"]) for each in matches]


def exchanges(page: Path) -> Iterator[Exchange]:
    """Each block marked `sent: METHOD PATH`, with the next where that is marked `answered: JSONPATH KIND; ...`."""
    for sent, answered in pairwise([*blocks(page), Block(page.name, "", "", "")]):
        if sent.mark.startswith("sent: "):
            method, path = sent.mark.removeprefix("sent: ").split()
            yield Exchange(page.name, method, path, _body(sent), *_reading(answered))


def _body(sent: Block) -> Any:
    return json.loads(sent.text) if sent.language == "json" else None


def _reading(answered: Block) -> tuple[tuple[tuple[str, str], ...], Any]:
    if not answered.mark.startswith("answered: "):
        return (), None
    reads = [each.strip().split(" ", 1) for each in answered.mark.removeprefix("answered: ").split(";")]
    return tuple((path, kind) for path, kind in reads), parsed(answered.text)


def parsed(text: str) -> Any:
    """JSON, in which a number that is written with a fraction stays as it is written."""
    return json.loads(text, parse_float=Written)


def found(answer: Any, path: str) -> list[Any]:
    """What a path made of `.name` and `[*]` leads to; raises KeyError where a name is missing, as the programs do."""
    assert re.fullmatch(rf"\$(?:{_STEP.pattern})*", path), path
    values = [answer]
    for name in _STEP.findall(path):
        values = [value[name] for value in values] if name else [inner for value in values for inner in value]
    return values
