"""`lychee bench memory`. Measures nothing itself."""

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


def memory(
    documents: Annotated[list[int] | None, typer.Option(min=1, help="Documents of a request; repeatable.")] = None,
    cache_mb: Annotated[int, typer.Option(min=0, help="Of the picture cache; few documents should fill it.")] = 16,
    shape: ShapeOption = "mini",
    threads: ThreadsOption = None,
    device: DeviceOption = "auto",
    dtype: DtypeOption = "fp32",
    seed: SeedOption = 1,
    as_json: JsonOption = False,
    as_markdown: MarkdownOption = False,
) -> None:
    """Peak memory of requests of 100 and of 1,000 documents, short and long ones mixed, each in a fresh process."""
    refuse_both(as_json, as_markdown)
    from evaluation.bench import page, report
    from evaluation.bench.memory import Request, request_peak
    from evaluation.bench.shape import shape_named

    setup = setup_of(shape_named(shape), threads, device, dtype, seed, 256)
    made_under, started = conditions_of(setup), time.perf_counter()
    peaks = {}
    with status() as say:
        for count in sorted(set(documents or (100, 1000))):
            say(f"{count:,} documents in a fresh process")
            peaks[count] = request_peak(setup, Request(count, cache_mb * 2**20))
    spent = replace(made_under, seconds=round(time.perf_counter() - started, 1))
    found = report.Memory(spent, setup.shape, peaks)
    about = [page.setting(spent), report.model(setup.shape)]
    show(found, about, report.memory_grids(found), as_json=as_json, as_markdown=as_markdown)
