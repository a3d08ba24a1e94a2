"""`lychee data check`: what is wrong with files of examples, and what of it was mended. Knows no check."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from content.errors import InvalidInput
from search.cli.data.shown import as_object, print_fixes, print_report
from search.cli.options import JsonOption
from search.cli.output import as_json, stderr

if TYPE_CHECKING:
    from collections.abc import Callable

    from reranker.examples.checks.lengths import Count
    from reranker.examples.checks.report import Report
    from reranker.examples.fixing import Fixes

_FOUND = 1
_STEP = 1_000_000  # bytes
FilesArgument = Annotated[
    list[Path], typer.Argument(help="Files of examples, JSONL (docs/training-data.md).", metavar="FILE...")
]
AgainstOption = Annotated[
    Path | None,
    typer.Option("--against", help="A test file that must have no query and no pair in common.", metavar="TEST.jsonl"),
]
FixOption = Annotated[
    Path | None,
    typer.Option(
        "--fix",
        help="Write the file here with what is mechanical mended, and report what remains.",
        metavar="OUT.jsonl",
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="Count tokens as this reranker does: a hub name, a folder (default: an estimate).",
        metavar="MODEL",
    ),
]
PicturesOption = Annotated[
    bool, typer.Option("--pictures/--no-pictures", help="Open the pictures that are named (default: yes).")
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Warnings lead to exit code 1, too.")]
LimitOption = Annotated[
    int, typer.Option("--limit", help="How many findings are printed one by one; --json has all.", min=0)
]


def check(
    files: FilesArgument,
    against: AgainstOption = None,
    fix: FixOption = None,
    model: ModelOption = None,
    pictures: PicturesOption = True,
    strict: StrictOption = False,
    limit: LimitOption = 50,
    json: JsonOption = False,
) -> None:
    """Find what makes examples bad to learn from: wrong forms, contradictions, leaks, instructions that say nothing.

    Exit code 0: clean; 1: errors were found, or warnings with --strict; 2: wrong usage.
    """
    if fix is not None and len(files) > 1:
        raise InvalidInput("--fix mends one file at a time", param="--fix")
    results, failed = [], False
    for file in files:
        fixes = None if fix is None else _fixed(file, fix)
        report = _checked(fix or file, against, model, pictures, -1 if json else limit)
        failed |= bool(report.count("error") or (strict and report.count("warning")))
        if json:
            results.append(as_object(file, report, fix, fixes))
            continue
        if fixes is not None:
            print_fixes(file, fix or file, fixes)
        print_report(fix or file, report)
    if json:
        typer.echo(as_json({"files": results, "ok": not failed}))
    raise typer.Exit(_FOUND if failed else 0)


def _fixed(file: Path, out: Path) -> "Fixes":
    from reranker.examples.fixing import fix_file

    with _reading(file, "Mending") as on_bytes:
        return fix_file(file, out, on_bytes=on_bytes)


def _checked(file: Path, against: Path | None, model: str | None, pictures: bool, kept: int) -> "Report":
    from reranker.examples.checks.checking import check as findings
    from reranker.examples.checks.report import Report

    report = Report(kept)
    count = None if model is None else _count(model, file)
    with _reading(file, "Checking") as on_bytes:
        for finding in findings(file, against=against, count=count, open_pictures=pictures, on_bytes=on_bytes):
            report.add(finding)
    return report


def _count(model: str, file: Path) -> "Count":
    from reranker.examples.checks.counting import TokenCounter  # costs torch and transformers

    return TokenCounter(model, file.parent).count


@contextmanager
def _reading(file: Path, what: str) -> "Iterator[Callable[[int], None]]":
    """Shows on a terminal how much of a file is read; the callable it gives is told how many more bytes."""
    console = stderr()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    size = file.stat().st_size if file.is_file() else None
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(f"{what} {file.name}", total=size)
        read = 0

        def advance(count: int) -> None:
            nonlocal read
            read += count
            if read >= _STEP:  # the bar takes longer than a line does
                bar.advance(task, read)
                read = 0

        yield advance
