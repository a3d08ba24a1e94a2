"""`lychee bench load`. Measures nothing itself."""

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from evaluation.bench.cli.options import JsonOption, MarkdownOption
from evaluation.bench.cli.running import how, refuse_both, show, status

if TYPE_CHECKING:
    from evaluation.bench.load_figures import LoadFigures
    from evaluation.conditions import Conditions


@dataclass(frozen=True, slots=True)
class Found:
    conditions: "Conditions"
    figures: "LoadFigures"


def load(
    minutes: Annotated[float, typer.Option(min=0.1, max=600, help="Of traffic at twice the capacity.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Of texts, pictures and their order.")] = 1,
    as_json: JsonOption = False,
    as_markdown: MarkdownOption = False,
) -> None:
    """A server with the demo models under twice the traffic that it can answer, ended in the middle of it. Ends with 1
    where it misses a bound."""
    refuse_both(as_json, as_markdown)
    from evaluation.bench import page
    from evaluation.bench.load import Load, measure_load
    from evaluation.bench.load_figures import load_grids
    from evaluation.conditions import conditions

    made_under, started = conditions("cpu", "auto", how()), time.perf_counter()
    seconds = 60 * minutes
    asked = Load(seconds, min(30.0, max(5.0, seconds / 10)), min(10.0, seconds / 12), seed)
    with status() as say:
        figures = measure_load(asked, say)
    spent = replace(made_under, seconds=round(time.perf_counter() - started, 1))
    show(Found(spent, figures), [page.setting(spent)], load_grids(figures), as_json=as_json, as_markdown=as_markdown)
    for missed in figures.missed:
        typer.echo(missed, err=True)
    if figures.missed:
        raise typer.Exit(1)
