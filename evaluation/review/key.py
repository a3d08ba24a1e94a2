"""Which list of a review sheet is whose, in a file that reviewers never get. Knows no marks."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from content.errors import InvalidInput
from evaluation.ab.comparison import TopOne
from evaluation.review.json_file import read_object
from reranker.examples.file import write_lines

FORMAT: Final = "lychee-review-key"
System = Literal["base", "tuned"]


@dataclass(frozen=True, slots=True)
class KeyCard:
    """One query of the sheet. id: its number on it, from "1". section: the file it is from. query: the beginning of its
    text, for people. left: whose list stands on the left; the other's stands on the right."""

    id: str
    section: str
    query: str
    left: System


@dataclass(frozen=True, slots=True)
class Key:
    """sheet: the id that stands in the sheet and in marks of it. base, tuned: names. seed: of choice and shuffle.

    queries: of the data, in all. differing: of those, whose lists differ. every: whether others could be chosen, too.
    top: first documents of all queries of the data. cards: those that were chosen, in the order of the sheet.
    """

    sheet: str
    base: str
    tuned: str
    seed: int
    queries: int
    differing: int
    every: bool
    top: TopOne
    cards: tuple[KeyCard, ...]

    @property
    def thinned(self) -> bool:
        """Whether what was marked is not all of the data, as queries whose lists are the same were left out."""
        return not self.every and self.differing < self.queries


def write_key(path: Path, key: Key) -> None:
    """Raises InvalidInput where it cannot be written."""
    write_lines(path, [json.dumps({"format": FORMAT, "version": 1, **asdict(key)}, ensure_ascii=False, indent=1)])


def read_key(path: Path) -> Key:
    """Raises NotFound and InvalidInput, naming the file, for what is no key."""
    value = read_object(path, FORMAT, "a key is what `lychee ab sheet` wrote beside the sheet")
    try:
        return _key(value)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise InvalidInput(
            f"{path} is no whole key any more: {error!r}; take an untouched copy", param="KEY"
        ) from error


def _key(value: dict[str, Any]) -> Key:
    cards = tuple(
        KeyCard(str(one["id"]), str(one["section"]), str(one["query"]), one["left"]) for one in value["cards"]
    )
    if (
        not cards
        or len({one.id for one in cards}) < len(cards)
        or any(one.left not in ("base", "tuned") for one in cards)
    ):
        raise ValueError("cards")
    counts = {name: int(value["top"][name]) for name in TopOne.__dataclass_fields__}
    if not 0 < counts["queries"] <= 10**9 or not 0 <= min(counts.values()) <= max(counts.values()) <= 10**9:
        raise ValueError("top")
    if not 0 <= int(value["differing"]) <= int(value["queries"]) <= 10**9 or not int(value["queries"]):
        raise ValueError("queries")
    return Key(
        sheet=str(value["sheet"]),
        base=str(value["base"]),
        tuned=str(value["tuned"]),
        seed=int(value["seed"]),
        queries=int(value["queries"]),
        differing=int(value["differing"]),
        every=bool(value["every"]),
        top=TopOne(**counts),
        cards=cards,
    )
