"""Passages of real prose that every installation of Python has, and queries for which one of them is the answer."""

import ast
import importlib.metadata
import random
import re
import sysconfig
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHORTEST, LONGEST = 200, 600  # characters of a passage
_WORD = re.compile(r"[^\W_]{3,20}|\d{2,}")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A query of rare words, and the place of the passage in which they all stand."""

    query: str
    answer: int


def passages(limit: int = 3000, seed: int = 5) -> list[str]:
    """At most `limit` different passages: docstrings of the standard library, and the descriptions and licences of what
    is installed beside it. Another installation has others, but one has always the same."""
    different = {_BLANKS.sub(" ", passage).casefold(): passage for text in _texts() for passage in _cut(text)}
    chosen = sorted(different.values())
    random.Random(seed).shuffle(chosen)
    return chosen[:limit]


def known_items(pool: list[str], count: int = 150, seed: int = 5) -> list[KnownItem]:
    """For each of `count` passages two or three of the words and numbers in it that the fewest others hold."""
    generator = random.Random(seed)
    words = [sorted({word.casefold() for word in _WORD.findall(passage)}) for passage in pool]
    holders = Counter(word for some in words for word in some)
    items = []
    for answer in generator.sample([place for place, some in enumerate(words) if len(some) >= 3], count):
        generator.shuffle(words[answer])
        rarest = sorted(words[answer], key=holders.__getitem__)[: generator.choice([2, 3])]
        items.append(KnownItem(" ".join(rarest), answer))
    return items


def _texts() -> Iterator[str]:
    library = Path(sysconfig.get_paths()["stdlib"])
    for source in sorted(library.rglob("*.py")):
        if not {"site-packages", "dist-packages", "test", "tests", "lib2to3"} & set(source.relative_to(library).parts):
            yield from _docstrings(source)
    for distribution in sorted(importlib.metadata.distributions(), key=lambda one: one.metadata["Name"] or ""):
        yield str(distribution.metadata.get_payload() or "")
        for name in distribution.metadata.get_all("License-File") or ():
            yield _licence(distribution, name)


def _licence(distribution: importlib.metadata.Distribution, name: str) -> str:
    try:
        return distribution.read_text(f"licenses/{name}") or distribution.read_text(name) or ""
    except UnicodeDecodeError:  # there are licences in Latin-1
        return ""


def _docstrings(source: Path) -> Iterator[str]:
    try:
        tree = ast.parse(source.read_bytes())
    except SyntaxError:  # a template, or a file for another version of Python
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""


def _cut(text: str) -> Iterator[str]:
    """Paragraphs, put together until they are long enough."""
    passage = ""
    for paragraph in re.split(r"\n\s*\n", text):
        passage = f"{passage}\n{paragraph.strip()}".strip()
        if len(passage) >= SHORTEST:
            yield passage[:LONGEST]
            passage = ""
