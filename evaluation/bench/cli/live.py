"""`lychee bench live`. Measures nothing itself."""

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from evaluation.bench.cli.options import JsonOption, MarkdownOption
from evaluation.bench.cli.running import how, refuse_both, show, status

if TYPE_CHECKING:
    from evaluation.bench.live import LiveFigures
    from evaluation.conditions import Conditions


@dataclass(frozen=True, slots=True)
class Found:
    conditions: "Conditions"
    figures: "LiveFigures"


def live(
    items: Annotated[int, typer.Option(min=1000, help="Items that are there.")] = 100_000,
    upserts: Annotated[int, typer.Option(min=100, help="Items that the other process writes.")] = 10_000,
    searches: Annotated[int, typer.Option(min=20, help="While nobody writes.")] = 500,
    dimension: Annotated[int, typer.Option(min=8, max=4096, help="Of the vectors.")] = 512,
    seed: Annotated[int, typer.Option(min=0, help="Of the vectors.")] = 1,
    as_json: JsonOption = False,
    as_markdown: MarkdownOption = False,
) -> None:
    """What searches wait while another process writes into the collection, and whether they see all it has written."""
    refuse_both(as_json, as_markdown)
    from evaluation.bench import page
    from evaluation.bench.live import Live, live_grid, measure_live
    from evaluation.bench.synthetic import ClipLike
    from evaluation.conditions import conditions

    made_under, started = conditions("cpu", "fp32", how()), time.perf_counter()
    asked = Live(ClipLike(dimension, seed), items, upserts, searches)
    with status() as say:
        figures = measure_live(asked, say)
    spent = replace(made_under, seconds=round(time.perf_counter() - started, 1))
    show(
        Found(spent, figures), [page.setting(spent)], [live_grid(asked, figures)],
        as_json=as_json, as_markdown=as_markdown,
    )  # fmt: skip
