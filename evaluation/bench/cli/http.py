"""`lychee bench http`. Measures nothing itself."""

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from evaluation.bench.cli.options import JsonOption, MarkdownOption
from evaluation.bench.cli.running import how, refuse_both, show, status

if TYPE_CHECKING:
    from evaluation.bench.http import HttpFigures
    from evaluation.conditions import Conditions


@dataclass(frozen=True, slots=True)
class Found:
    conditions: "Conditions"
    figures: "HttpFigures"


def http(
    documents: Annotated[int, typer.Option(min=1, max=1000, help="Documents of a request.")] = 50,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds that count; another one before them warms up.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Of texts and pictures.")] = 1,
    as_json: JsonOption = False,
    as_markdown: MarkdownOption = False,
) -> None:
    """What reranking over HTTP costs beside calling the engine, with the demo models. Ends with 1 where it is over 15 %
    more."""
    refuse_both(as_json, as_markdown)
    from evaluation.bench import page
    from evaluation.bench.http import http_grid, measure_http
    from evaluation.conditions import conditions

    made_under, started = conditions("cpu", "auto", how()), time.perf_counter()
    with status() as say:
        figures = measure_http(documents, rounds, seed, say)
    spent = replace(made_under, seconds=round(time.perf_counter() - started, 1))
    show(Found(spent, figures), [page.setting(spent)], [http_grid(figures)], as_json=as_json, as_markdown=as_markdown)
    if not figures.within_bounds:
        raise typer.Exit(1)
