"""A ranking as a Markdown table, for people. Knows nothing of where the documents came from."""

from collections.abc import Sequence

from reranker.ranking import Ranking

_CHARACTERS = 120


def markdown_table(ranking: Ranking, labels: Sequence[str]) -> str:
    """One row per entry: rank, score, place in the input, and its label. labels: one per document, in input order.

    Scores that are not the judge's own have a heading that says what they are.
    """
    label = ranking.display.label
    score = label.capitalize() if ranking.display.normalize is None else f"Score ({label})"
    rows = [f"| Rank | {score} | Index | Document |", "| ---: | ---: | ---: | :--- |"]
    for entry in ranking.entries:
        error = entry.judgement.error
        shown = cell(labels[entry.index]) + ("" if error is None else f" (not judged: {cell(error)})")
        rows.append(f"| {entry.rank} | {entry.score:.4f} | {entry.index} | {shown} |")
    return "\n".join(rows)


def cell(text: str) -> str:
    """Text that stays within its cell: on one line, short, and without what Markdown or HTML would act on."""
    line = " ".join(text.split())
    line = line if len(line) <= _CHARACTERS else f"{line[: _CHARACTERS - 1]}…"
    return "".join(f"\\{sign}" if sign in "\\|`*_[]<>" else sign for sign in line)
