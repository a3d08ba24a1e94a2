"""Reranked documents as a Markdown table, for people. Knows nothing of routes."""

from collections.abc import Iterable, Iterator, Sequence

from api.schemas.content import ContentBody
from reranker.ranking import Ranked

_CHARACTERS = 120


def markdown_table(entries: Iterable[Ranked], documents: Sequence[ContentBody]) -> str:
    """One row per entry: rank, score, place in the request, and how the document begins."""
    return "\n".join(_lines(entries, documents))


def _lines(entries: Iterable[Ranked], documents: Sequence[ContentBody]) -> Iterator[str]:
    yield "| Rank | Score | Index | Document |"
    yield "| ---: | ---: | ---: | :--- |"
    for entry in entries:
        shown = _shown(documents[entry.index])
        if entry.judgement.error is not None:
            shown = f"{shown} (not judged: {_cell(entry.judgement.error)})"
        yield f"| {entry.rank} | {entry.score:.4f} | {entry.index} | {shown} |"


def _shown(document: ContentBody) -> str:
    parts = ["[image]" if document.image else "", _cell(document.text or "")]
    return " ".join(part for part in parts if part)


def _cell(text: str) -> str:
    """Text that stays within its cell: on one line, short, without what Markdown or HTML would act on."""
    line = " ".join(text.split())
    line = line if len(line) <= _CHARACTERS else f"{line[: _CHARACTERS - 3]}..."
    for sign in "\\|`*_[]<>":
        line = line.replace(sign, f"\\{sign}")
    return line
