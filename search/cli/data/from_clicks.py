"""`lychee data from-clicks`: a search log becomes graded examples. Knows no model."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from content.errors import InvalidInput
from content.payload import checked_text
from search.cli.data.options import OutputOption
from search.cli.options import JsonOption
from search.cli.output import as_json, one_line, stdout, warn

if TYPE_CHECKING:
    from reranker.examples.clicks import Clicking, Graded
    from reranker.examples.file import Malformed

_TOLD, _LISTED = 5, 1000  # bad lines on a terminal, and as JSON
LogArgument = Annotated[
    Path, typer.Argument(help="A search log, JSONL (docs/training-data.md).", metavar="LOG", show_default=False)
]
InstructionOption = Annotated[
    str, typer.Option("--instruction", help="The task, or its name, where the log gives none.", metavar="TEXT")
]


def from_clicks(
    log: LogArgument,
    output: OutputOption,
    instruction: InstructionOption = "",
    eta: Annotated[float, typer.Option(help="How steeply looks fall with the position k: k ** -eta.")] = 1.0,
    floor: Annotated[float, typer.Option(help="The least a look is likely, above 0.")] = 0.1,
    short_s: Annotated[float, typer.Option("--short-s", help="A click counts half below so many seconds.")] = 30.0,
    prior: Annotated[float, typer.Option(help="How many looks the mean of the log weighs.")] = 2.0,
    min_impressions: Annotated[int, typer.Option(help="Leave out what was shown less often.")] = 3,
    unclicked_after: Annotated[
        int,
        typer.Option(help="Take what was never clicked after so many impressions, or where it was passed over."),
    ] = 20,
    full: Annotated[
        float | None,
        typer.Option(
            help="The click rate that is worth grade 1 (default: the highest of the log).", show_default=False
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Make graded examples of a search log with clicks, the positions of results made up for. Queries and documents are
    carried over and nothing else: no session, no user, no time."""
    from reranker.examples.clicks import Clicking

    checked_text(instruction, param="--instruction")
    if log.absolute() == output.absolute():
        raise InvalidInput("LOG and --output are different files", param="--output")
    graded, bad = _graded(log, Clicking(eta, floor, short_s, prior, min_impressions, unclicked_after, full))
    if not graded.examples:
        raise InvalidInput(
            f"none of {graded.pairs:,} pairs was seen often enough; give a longer log or a lower --min-impressions",
            param="LOG",
        )
    _write(graded, log, output, instruction)
    _tell(graded, bad, output, json)


def _graded(log: Path, clicking: "Clicking") -> "tuple[Graded, list[Malformed]]":
    from reranker.examples.click_log import Page, read_pages
    from reranker.examples.clicks import Tallies

    tallies, bad = Tallies(clicking), []
    for one in read_pages(log):
        if isinstance(one, Page):
            tallies.add(one)
        else:
            bad.append(one)
    return tallies.graded(), bad


def _write(graded: "Graded", log: Path, output: Path, instruction: str) -> None:
    from dataclasses import replace

    from reranker.examples.beside import Carried
    from reranker.examples.contents import Contents
    from reranker.examples.file import write

    carried = Carried(Contents(log.absolute().parent), output)
    rows = (replace(one, instruction=one.instruction or instruction) for one in graded.examples)
    write(output, map(carried.example, rows))


def _tell(graded: "Graded", bad: "list[Malformed]", output: Path, json: bool) -> None:
    if json:
        told = {name: value for name, value in asdict(graded).items() if name != "examples"}
        lines = [{"line": one.line, "reason": one.reason} for one in bad[:_LISTED]]
        typer.echo(as_json({"examples": len(graded.examples), **told, "bad_lines": len(bad), "bad": lines}))
        return
    if bad:
        more = [f"and {len(bad) - _TOLD:,} more"] if len(bad) > _TOLD else []
        warn([*(f"line {one.line} is left out: {one.reason}" for one in bad[:_TOLD]), *more])
    console = stdout()
    console.print(f"{len(graded.examples):,} examples are in {one_line(str(output))}", markup=False)
    console.print(
        f"of {graded.pages:,} pages with {graded.impressions:,} results and {graded.clicks:,} clicks; left out: "
        f"{graded.seldom:,} pairs shown too seldom, {graded.unseen:,} never clicked and perhaps never looked at, "
        f"{len(bad):,} lines that are wrong",
        markup=False,
    )
    console.print(
        f"grade 1 is a click rate of {graded.full:.3f}; that of the whole log is {graded.mean:.3f}", markup=False
    )
