"""Families of instructions: one root and light variants of it, which ask for the same. Knows no model.

A judge that is trained on one wording learns the wording; one that is trained on many that have nothing in common
learns none. Few roots with light variants lie between.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reranker.templates import Parts, Template, compose

# Whole words that stand for each other in a task: its beginning, and what is to be done.
_WORDS: Final = (
    (r"\bretrieve\b", ("find", "return")),
    (r"\bfind\b", ("retrieve", "return")),
    (r"\brank\b", ("order",)),
    (r"^Given\b", ("For",)),
    (r"\bmatch the description\b", ("fit the description",)),
    (r"检索", ("查找", "找出")),
    (r"^给定", ("针对",)),
)


@dataclass(frozen=True, slots=True)
class Member:
    """name: what it has that the root has not."""

    name: str
    text: str


def family(parts: Parts) -> list[Member]:
    """The root, which is the task alone, and its variants, each once: reworded by a word or two, with the role, with
    the standard, with all that there is. Parts without a task are one text, and have no variants."""
    root = parts.task
    if not root.strip():
        return [Member("root", compose(parts))]
    members = [Member("root", compose(Parts(task=root)))]
    members += [Member(f"reworded {place}", text) for place, text in enumerate(rewordings(root), start=1)]
    members += [
        Member("role", compose(Parts(role=parts.role, task=root))),
        Member("standard", compose(Parts(task=root, standard=parts.standard))),
        Member("all", compose(parts)),
    ]
    return _each_once(members)


def family_of(template: Template) -> list[Member]:
    """The family of its task, its other tones with it, and behind it the same in Chinese."""
    members = family(template.parts())
    members += [
        Member(tone, compose(Parts(task=template.text, standard=template.parts(tone).standard)))
        for tone in ("strict", "lenient")
    ]
    members += [Member(f"chinese {one.name}", one.text) for one in family(template.parts("chinese"))]
    return _each_once(members)


def rewordings(task: str) -> Iterator[str]:
    """The task with one word (or two, of those that may be changed together) in the place of another; none where it has
    no word that we know others for."""
    for pattern, others in _WORDS:
        for other in others:
            text = re.sub(pattern, other, task, count=1)
            if text != task:
                yield text


def _each_once(members: list[Member]) -> list[Member]:
    first: dict[str, Member] = {}
    for member in members:
        first.setdefault(member.text, member)
    return list(first.values())
