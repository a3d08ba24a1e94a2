"""Judgements of people, in TREC's form or in BEIR's. Knows nothing of runs."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from content.errors import InvalidInput
from evaluation.runs.lines import lines, wrong

_TREC: Final = "`query 0 document grade`"
_BEIR: Final = "`query<TAB>document<TAB>grade`"
_GREATEST: Final = 1_000_000  # trec_eval has a place in memory for every grade up to the greatest


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Query -> document -> grade. Grades below 0, which TREC gives to spam, become 0.

    Lines have four columns (TREC) or three (BEIR, with or without its heading). Of a pair that is judged twice with
    different grades nobody knows which is meant. Raises NotFound, and InvalidInput, naming file and line, for what is
    neither, and for a file without judgements.
    """
    found: dict[str, dict[str, int]] = {}
    for number, line in lines(path):
        cells = line.split("\t") if line.count("\t") == 2 else line.split()
        if number == 1 and _is_heading(cells):
            continue
        if len(cells) not in (3, 4):
            raise wrong(path, number, f"{_TREC} or {_BEIR}", line)
        query, document, grade = cells[0].strip(), cells[-2].strip(), _grade(cells[-1])
        if grade is None or not query or not document:
            raise wrong(path, number, f"{_TREC} or {_BEIR}, the grade a whole number up to {_GREATEST:,}", line)
        judged = found.setdefault(query, {})
        if judged.setdefault(document, grade) != grade:
            raise InvalidInput(
                f"{path}, line {number}: {document[:80]!r} has grade {grade} for {query[:80]!r}, and above it has "
                f"{judged[document]}"
            )
    if not found:
        raise InvalidInput(f"{path} holds no judgements; a line is {_BEIR} or {_TREC}")
    return found


def _is_heading(cells: Sequence[str]) -> bool:
    """BEIR's own is `query-id corpus-id score`."""
    return len(cells) == 3 and _grade(cells[2]) is None and any(word in cells[0].lower() for word in ("id", "query"))


def _grade(cell: str) -> int | None:
    """None for what is no whole number."""
    try:
        value = float(cell)
    except ValueError:
        return None
    whole = math.isfinite(value) and value.is_integer() and abs(value) <= _GREATEST
    return max(0, int(value)) if whole else None
