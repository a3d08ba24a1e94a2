"""`lychee evaluate mrb`: a published data set made ready for `lychee evaluate folder`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

_TYPES = "T->T, I->I, T->I, T->VD, I->T, T->IT, IT->T, IT->I or IT->IT, in quotes"


def mrb(
    source: Annotated[
        Path, typer.Argument(help="A copy of a data set of M-BEIR's or ViDoRe's: Parquet files.", metavar="SOURCE")
    ],
    folder: Annotated[Path, typer.Argument(help="The folder to write, in BEIR form.", metavar="FOLDER")],
    kind: Annotated[str, typer.Option("--type", help=f"MRB's task type: {_TYPES}.")],
    instruction: Annotated[
        str | None, typer.Option(help="What the judge is told with every query (default: by the type).")
    ] = None,
) -> None:
    """Write a data set of MRB's nine task types as a folder that `lychee evaluate folder` measures.

    Data sets of T->T are in BEIR form as they are published.
    """
    from evaluation.mrb.folder import write_folder
    from evaluation.mrb.task_type import task_type
    from search.cli.output import one_line

    task = task_type(kind)
    columns = (SpinnerColumn(), TextColumn("{task.completed} rows"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("rows", total=None)
        written = write_folder(source, folder, task, instruction, on_row=lambda: progress.advance(bar))
    left = f" {written.lacking:,} rows lack what {task.name} asks for and are left out." if written.lacking else ""
    typer.echo(
        f"{written.documents:,} documents, {written.queries:,} queries, {written.judgements:,} judgements.{left}\n"
        f"Measure with: lychee evaluate folder {one_line(str(folder))}"
    )
