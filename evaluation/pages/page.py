"""Writes docs/evaluation.md and its pictures out of what `lychee evaluate demo --json` printed. Measures nothing.

python -m evaluation.pages.page figures.json [more.json ...] --docs docs
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from content.errors import InvalidInput, LycheeError
from demo.catalogue import CatalogueItem, evaluation_set
from evaluation.conditions import Conditions
from evaluation.demo.figures import figures
from evaluation.demo.result import Setup
from evaluation.demo.sides import fingerprint
from evaluation.demo.transcript import Transcript, merged, read
from evaluation.pages.grid import markdown
from evaluation.pages.report import grids
from evaluation.pages.showcase import RULE, Section, sections

_HOW = """\
- Queries are originals of families first, each with its near-duplicates among the items; exactly one item is right. `T`
  is text, `I` a picture, `IT` both: what stands on the query's side and on the documents'. `mixed` wording is Chinese
  with English nouns, or the other way round.
- A query never has the words of a document: queries are told in wordings 2 and 3, documents in 0 and 1. Where both
  sides have pictures, the query's is another drawing of the same scene.
- One search a query, the path that a user's query takes. Stage 2 is ordered by its own P(yes) alone, and equal scores
  go against the right item. Each depth takes the first of one recall; where stage 1 fuses several lists, these are as
  long as the candidates of the row.
- Intervals are of 95 %: Wilson's score interval for shares of queries, the percentile bootstrap over queries for other
  means and for differences, which are paired: stage 2 less stage 1 on the same query.
- Near-duplicates are counted apart by whether they, too, show a pair of shape and colour that no training scene shows.
  The right item always does, so that among the others its novelty alone could give it away.
- Items are stored under ids that say nothing, so that no tie of stage 1 is decided by who is the original.
- Stage 1 is its vectors alone: the channel of words is switched off.
- Calibration: for each query its match and one document that is none, by turns a near-duplicate and an item of another
  family. Nothing answers the query: once with the right item struck out while its near-duplicates stay, once for
  queries that the catalogue has nothing for (`evaluation/demo/foreign_queries.py`). A document that stage 2 fails on
  ends the run; it never counts as silence.
"""


def main(
    runs: Annotated[list[Path], typer.Argument(help="Files that `lychee evaluate demo --json` printed.")],
    docs: Annotated[Path, typer.Option(help="The folder to write evaluation.md and images/ into.")] = Path("docs"),
) -> None:
    """Write the page of one run, or of several of the same models and catalogue; the first that has a row counts."""
    try:
        write(merged([read(run) for run in runs]), docs)
    except LycheeError as error:
        typer.echo(f"error: {error.message}", err=True)
        sys.exit(2)


def write(run: Transcript, docs: Path) -> None:
    """Raises InvalidInput when this checkout draws another catalogue than the run was made on."""
    items = evaluation_set(items=run.setup.items, queries=1, seed=run.setup.seed).items
    _check_catalogue(items, run.setup)
    shown = list(sections(run.results, {item.id: item for item in items}, run.setup.depth))
    images = docs / "images"
    images.mkdir(parents=True, exist_ok=True)
    for old in images.glob("evaluation-*.png"):
        old.unlink()  # the queries of an earlier run
    for section in shown:
        for name, picture in section.pictures.items():
            picture.save(images / name, optimize=True)
    (docs / "evaluation.md").write_text(page(run, shown), "utf-8")


def page(run: Transcript, shown: Sequence[Section]) -> str:
    rows = [(result, figures(result, run.setup.depth)) for result in run.results]
    tables = [f"## {grid.title}\n\n{_sentence(grid.note)}\n\n{markdown(grid)}" for grid in grids(rows, run.setup.depth)]
    examples = [f"### {section.title}\n\n{section.text}" for section in shown]
    if examples:
        examples.insert(
            0, f"## Queries whose first place stage 2 changed\n\n{RULE} The right item is framed, or bold.\n"
        )
    return "\n".join([_head(run), *tables, *examples])


def _head(run: Transcript) -> str:
    setup = run.setup
    facts = [
        f"- stage 1: `{setup.encoder}`, fingerprint `{setup.encoder_fingerprint}`",
        f"- stage 2: `{setup.reranker}`, fingerprint `{setup.reranker_fingerprint}`",
        f"- {setup.items} items of the catalogue's test split, seed {setup.seed}, fingerprint `{setup.catalogue}`",
        f"- main depth {setup.depth}; queries and candidates by row: {_sizes(run)}",
    ]
    return (
        "# Evaluation of the demo: stage 1 beside stage 2\n\n"
        "Written by `python -m evaluation.pages.page` out of what `lychee evaluate demo --json` printed, not by hand."
        "\n\n"
        + "\n".join([*facts, *(_made_under(one) for one in run.conditions)])
        + f"\n\n## How it is measured\n\n{_HOW}"
    )


def _made_under(one: Conditions) -> str:
    """One run's line: rows, time, machine, number format, versions, commit and options."""
    names = one.options.get("rows")
    rows = _counted(len(names) if isinstance(names, list) else 0, "row")
    machine = f"{one.processor} ({one.platform}, {_counted(one.cores, 'core')}, {_counted(one.threads, 'thread')})"
    versions = ", ".join(f"{name} {number}" for name, number in one.versions.items())
    options = ", ".join(f"{name} {value}" for name, value in one.options.items() if name != "rows")
    return (
        f"- {rows} in {one.seconds:.0f} s on {machine}, device {one.device}, stage 2 in {one.dtype}; "
        f"Python {one.python}, {versions}; commit {one.commit or 'unknown'}; options: {options}"
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _sizes(run: Transcript) -> str:
    groups: dict[tuple[int, int], list[str]] = {}
    for result in run.results:
        groups.setdefault((len(result.outcomes), result.candidates), []).append(result.task.name)
    return "; ".join(
        f"{queries} queries of {candidates} candidates ({', '.join(names)})"
        for (queries, candidates), names in groups.items()
    )


def _check_catalogue(items: Sequence[CatalogueItem], setup: Setup) -> None:
    if fingerprint(items) != setup.catalogue:
        raise InvalidInput(
            "these runs were made on another catalogue than this checkout draws; run `lychee evaluate demo` again",
            param="catalogue",
        )


def _sentence(note: str) -> str:
    return f"{note[0].upper()}{note[1:]}."


if __name__ == "__main__":
    typer.run(main)
