"""`lychee bench recall`. Measures nothing itself."""

import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from evaluation.bench.cli.options import JsonOption, MarkdownOption
from evaluation.bench.cli.running import how, refuse_both, show, status


def recall(
    size: Annotated[int, typer.Option(help="Vectors; the default takes about half an hour on two cores.")] = 1_000_000,
    dimension: Annotated[int, typer.Option(min=8, max=4096, help="Of each vector.")] = 512,
    seed: Annotated[int, typer.Option(min=0, help="Of vectors, metadata and filters.")] = 1,
    queries: Annotated[int, typer.Option(min=1, help="Held-out vectors to search with.")] = 200,
    against: Annotated[
        list[str] | None,
        typer.Option(help="flat, hnsw or ivf; repeatable, or with commas. flat is always there. (default: all)"),
    ] = None,
    filters: Annotated[int, typer.Option(min=1, help="Filters of each form and share, each asked once.")] = 20,
    rounds: Annotated[int, typer.Option(min=1, help="Times that 1,000 items are updated.")] = 3,
    threads: Annotated[int, typer.Option(min=1, help="To build with; everything else runs on one.")] = 2,
    folder: Annotated[
        Path | None, typer.Option(help="Where all of it is made; up to 7 times the vectors. (default: temporary)")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave it in the folder, and use what an earlier run with --keep left there.")
    ] = False,
    as_json: JsonOption = False,
    as_markdown: MarkdownOption = False,
) -> None:
    """This project's index and its whole collection, with filters and updates, beside FAISS used directly: recall@100,
    times, memory, on synthetic vectors shaped like CLIP's."""
    refuse_both(as_json, as_markdown)
    from importlib.metadata import version

    from evaluation.bench import page, recall_sides
    from evaluation.bench.recall import Options, measure
    from evaluation.bench.recall_report import Recall, recall_grids
    from evaluation.conditions import conditions

    sides = recall_sides.sides_named(recall_sides.NAMES if against is None else against)
    options = Options(size, dimension, seed, queries, sides, filters, rounds, threads, folder, keep)
    shown = {} if folder is None else {str(folder): "FOLDER"}
    used = how(shown) | asdict(options) | {"folder": None if folder is None else "FOLDER"}
    libraries = {"faiss": recall_sides.version(), "numpy": version("numpy")}
    made_under = replace(conditions("cpu", "fp32", used), threads=1, versions=libraries)
    started = time.perf_counter()
    with status() as say:
        figures = measure(options, say)
    spent = replace(made_under, seconds=round(time.perf_counter() - started, 1))
    found = Recall(spent, size, dimension, figures)
    show(found, [page.setting(spent), found.about], recall_grids(found), as_json=as_json, as_markdown=as_markdown)
