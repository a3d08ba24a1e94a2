"""The pairings of query and document that are measured, and the rows they make. Knows no items and no models."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from content import Target
from content.errors import InvalidInput
from demo.catalogue.vocabulary import LANGUAGES, Language

Side = Literal["T", "I", "IT"]
"""What a query or a document is made of: text, a picture, or both."""

_TARGETS: dict[Side, Target] = {"T": "text", "I": "image", "IT": "any"}


@dataclass(frozen=True, slots=True)
class Pair:
    """One pairing; documents are searched by all that they have."""

    query: Side
    document: Side

    @property
    def name(self) -> str:
        return f"{self.query}->{self.document}"

    @property
    def target(self) -> Target:
        return _TARGETS[self.document]

    @property
    def has_text(self) -> bool:
        return "T" in self.query or "T" in self.document

    @property
    def pictures_on_both_sides(self) -> bool:
        return "I" in self.query and "I" in self.document


PAIRS: tuple[Pair, ...] = (
    Pair("T", "I"),
    Pair("I", "T"),
    Pair("T", "T"),
    Pair("I", "I"),
    Pair("T", "IT"),
    Pair("IT", "T"),
    Pair("IT", "I"),
    Pair("IT", "IT"),
)


@dataclass(frozen=True, slots=True)
class Task:
    """One row of the evaluation. language: None where neither side has a text."""

    pair: Pair
    language: Language | None

    @property
    def name(self) -> str:
        return self.pair.name if self.language is None else f"{self.pair.name} {self.language}"


def tasks(pairs: Sequence[Pair], languages: Sequence[Language]) -> list[Task]:
    """Every pair in every language; a pair without text once."""
    return [Task(pair, language) for pair in pairs for language in (languages if pair.has_text else (None,))]


def pairs_named(names: Sequence[str]) -> list[Pair]:
    """The pairs of these names, in the order of `PAIRS`; all for none. Raises InvalidInput for an unknown name."""
    known = {pair.name: pair for pair in PAIRS}
    for name in names:
        if name not in known:
            listed = ", ".join(f"'{pair}'" for pair in known)
            raise InvalidInput(f"{name!r} is no pair; the pairs are {listed}, with their quotes", param="--pair")
    return [pair for pair in PAIRS if not names or pair.name in names]


def languages_named(names: Sequence[str]) -> list[Language]:
    """The languages of these names, in the catalogue's order; all for none. Raises InvalidInput for an unknown one."""
    for name in names:
        if name not in LANGUAGES:
            raise InvalidInput(f"{name!r} is no language here; there are {', '.join(LANGUAGES)}", param="--language")
    return [language for language in LANGUAGES if not names or language in names]
