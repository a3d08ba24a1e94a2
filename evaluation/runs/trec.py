"""Runs in TREC's form: `query Q0 document rank score tag`. Knows no judgements."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from content.errors import InvalidInput
from evaluation.runs.lines import lines, wrong
from measures.metrics import Run
from reranker.examples.file import write_lines

_FORM: Final = "`query Q0 document rank score tag`"
_COLUMNS: Final = (5, 6)  # some leave the tag out


@dataclass(frozen=True, slots=True)
class TrecRun:
    """tag: the last column of the first line, or the file's name. found: query -> (document, score), best first."""

    tag: str
    found: Mapping[str, Sequence[tuple[str, float]]]

    @property
    def run(self) -> Run:
        return {query: [document for document, _ in found] for query, found in self.found.items()}


def read_run(path: Path) -> TrecRun:
    """The run by score, whatever the ranks, as trec_eval has it; equal scores by rank, then as they stand.

    trec_eval itself orders equal scores by the names of the documents. Of a document that a query has twice the better
    one counts. Raises NotFound, and InvalidInput, naming file and line, for what is no run, and for a file without one.
    """
    found: dict[str, list[tuple[float, float, str]]] = {}
    tag = ""
    for number, line in lines(path):
        cells = line.split()
        if len(cells) not in _COLUMNS:
            raise wrong(path, number, _FORM, line)
        rank, score = _number(cells[3]), _number(cells[4])
        if rank is None or score is None:
            raise wrong(path, number, f"{_FORM}, rank and score numbers", line)
        tag = tag or (cells[5] if len(cells) == _COLUMNS[1] else "")
        found.setdefault(cells[0], []).append((-score, rank, cells[2]))
    if not found:
        raise InvalidInput(f"{path} holds no run; a line is {_FORM}")
    return TrecRun(tag or path.stem, {query: _best_first(rows) for query, rows in found.items()})


def write_run(path: Path, found: Mapping[str, Sequence[tuple[str, float]]], tag: str) -> None:
    """found: query -> (document, score), best first. The file is written whole or not at all.

    Scores are brought to fall strictly, in the 32 bits that trec_eval reads, by the least steps there are: it would
    order equal ones by the names of the documents.
    Raises InvalidInput for an id with white space in it, which no such file can hold, and where it cannot be written.
    """
    for name in {one for query, rows in found.items() for one in (query, *(document for document, _ in rows))}:
        if name.split() != [name]:
            raise InvalidInput(f"a TREC file holds no ids with white space in them, such as {name[:80]!r}")
    tag = "-".join(tag.split()) or "run"
    write_lines(
        path,
        (
            f"{query} Q0 {document} {rank} {score!r} {tag}"
            for query, rows in found.items()
            for rank, (document, score) in enumerate(_falling(rows), start=1)
        ),
    )


def _falling(rows: Sequence[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    last = np.float32(np.inf)
    for document, score in rows:
        last = min(np.float32(score), np.nextafter(last, np.float32(-np.inf)))
        yield document, float(last)


def _best_first(rows: Sequence[tuple[float, float, str]]) -> list[tuple[str, float]]:
    best: dict[str, float] = {}
    for negative, _, document in sorted(rows, key=lambda row: row[:2]):
        best.setdefault(document, -negative)
    return list(best.items())


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
