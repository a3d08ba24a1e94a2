"""The files that reviewers send back, checked against the key. Knows nothing of what the marks come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from content.errors import InvalidInput
from evaluation.review.json_file import read_object
from evaluation.review.key import Key
from search.cli.output import one_line

FORMAT: Final = "lychee-review-marks"
MARKS: Final = (1, 2, 3, 4, 5)
_SIDES: Final = ("left", "right")


@dataclass(frozen=True, slots=True)
class Marked:
    """What one reviewer gave the lists of one query; None: no mark."""

    base: int | None
    tuned: int | None

    @property
    def whole(self) -> bool:
        return self.base is not None and self.tuned is not None


@dataclass(frozen=True, slots=True)
class Reviewer:
    """marks: of every query of the sheet, in its order."""

    name: str
    marks: tuple[Marked, ...]

    @property
    def whole(self) -> int:
        """How many queries have both marks."""
        return sum(one.whole for one in self.marks)


def read_reviewers(paths: Sequence[Path], key: Key) -> list[Reviewer]:
    """In the order of the files.

    Raises NotFound and InvalidInput, naming file and query: a file that is broken, of another sheet, or without a whole
    mark, a mark out of range, one for a query that the sheet lacks, and two files of one reviewer.
    """
    found: dict[str, Path] = {}
    reviewers = []
    for path in paths:
        reviewer = read_reviewer(path, key)
        earlier = found.setdefault(reviewer.name.casefold(), path)
        if earlier is not path:
            raise InvalidInput(
                f"{earlier} and {path} are both by {reviewer.name}; give the one that counts, or, where these are two "
                "people, let one of them save under another name",
                param="MARKS",
            )
        reviewers.append(reviewer)
    if not reviewers:
        raise InvalidInput("there are no marks; give the files that the reviewers saved", param="MARKS")
    return reviewers


def read_reviewer(path: Path, key: Key) -> Reviewer:
    value = read_object(path, FORMAT, "a file of marks is what `Save marks` on the sheet saved")
    if value.get("sheet") != key.sheet:
        raise InvalidInput(
            f"{path} is of another sheet ({one_line(str(value.get('sheet')), 40)}) than the key ({key.sheet})",
            param="MARKS",
        )
    name, marks = value.get("reviewer"), value.get("marks")
    if not isinstance(name, str) or not name.strip() or not isinstance(marks, dict):
        raise InvalidInput(
            f"{path} lacks the reviewer's name or the marks; save it again from the sheet", param="MARKS"
        )
    strangers = marks.keys() - {card.id for card in key.cards}
    if strangers:
        raise InvalidInput(
            f"{path} marks query {one_line(min(strangers), 40)}, which the sheet does not have", param="MARKS"
        )
    reviewer = Reviewer(
        one_line(name, 80), tuple(_marked(path, card.id, card.left == "base", marks.get(card.id)) for card in key.cards)
    )
    if not reviewer.whole:
        raise InvalidInput(f"{path} has no query with both its marks", param="MARKS")
    return reviewer


def _marked(path: Path, query: str, base_is_left: bool, value: object) -> Marked:
    if value is None:
        return Marked(None, None)
    if not isinstance(value, dict) or not value.keys() <= set(_SIDES):
        raise InvalidInput(f"{path}, query {query}: expected a mark for left and one for right", param="MARKS")
    left, right = (_mark(path, query, side, value) for side in _SIDES)
    return Marked(left, right) if base_is_left else Marked(right, left)


def _mark(path: Path, query: str, side: str, value: Mapping[str, Any]) -> int | None:
    mark = value.get(side)
    if mark is None or (type(mark) is int and mark in MARKS):
        return mark
    raise InvalidInput(
        f"{path}, query {query}: the mark of the {side} list is {one_line(repr(mark), 40)}; it is a whole number from "
        f"{MARKS[0]} to {MARKS[-1]}",
        param="MARKS",
    )
