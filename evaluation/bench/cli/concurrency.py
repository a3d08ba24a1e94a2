"""`lychee bench concurrency`. Measures nothing itself."""

import time
from dataclasses import replace
from typing import Annotated

import typer

from evaluation.bench.cli.options import (
    DeviceOption,
    DtypeOption,
    JsonOption,
    MarkdownOption,
    SeedOption,
    ShapeOption,
    ThreadsOption,
)
from evaluation.bench.cli.running import conditions_of, refuse_both, setup_of, show, status


def concurrency(
    pair: Annotated[str, typer.Option(help="Query and document, such as 'T->I'.")] = "T->T",
    long: Annotated[int, typer.Option(min=1, help="Documents of the long request.")] = 500,
    requests: Annotated[int, typer.Option(min=2, help="Requests of one document beside it, at the least.")] = 60,
    clients: Annotated[int, typer.Option(min=1, max=64, help="Clients at the same time.")] = 8,
    each: Annotated[int, typer.Option(min=1, help="Documents of each of them.")] = 20,
    rounds: Annotated[int, typer.Option(min=1, help="By turns with one request of as many in all.")] = 5,
    shape: ShapeOption = "mini",
    threads: ThreadsOption = None,
    device: DeviceOption = "auto",
    dtype: DtypeOption = "fp32",
    seed: SeedOption = 1,
    as_json: JsonOption = False,
    as_markdown: MarkdownOption = False,
) -> None:
    """How long requests of one document wait beside a long one, in batches of it; and the throughput of many clients by
    that of one request."""
    refuse_both(as_json, as_markdown)
    from evaluation.bench import page, report
    from evaluation.bench.concurrency import Load, measure
    from evaluation.bench.corpus import pairs_named
    from evaluation.bench.shape import shape_named

    load = Load(pairs_named([pair])[0], long, requests, clients, each, rounds)
    setup = setup_of(shape_named(shape), threads, device, dtype, seed, 256)
    made_under, started = conditions_of(setup), time.perf_counter()
    with status() as say:
        latency, sharing = measure(setup, load, say)
    spent = replace(made_under, seconds=round(time.perf_counter() - started, 1))
    found = report.Concurrency(spent, setup.shape, load, latency, sharing)
    about = [page.setting(spent), report.model(setup.shape)]
    show(found, about, report.concurrency_grids(found), as_json=as_json, as_markdown=as_markdown)
