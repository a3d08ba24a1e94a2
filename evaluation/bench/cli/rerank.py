"""`lychee bench rerank`. Measures nothing itself."""

import time
from dataclasses import replace
from typing import Annotated

import typer

from evaluation.bench.cli.options import (
    DeviceOption,
    DtypeOption,
    JsonOption,
    MarkdownOption,
    Measure,
    PictureOption,
    SeedOption,
    ShapeOption,
    ThreadsOption,
)
from evaluation.bench.cli.running import conditions_of, refuse_both, setup_of, show, status


def rerank(
    pair: Annotated[
        list[str] | None, typer.Option(help="Only this pair of query and document, such as 'T->I'; repeatable.")
    ] = None,
    documents: Annotated[int, typer.Option(min=1, help="Documents of a request.")] = 50,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds that count; another one before them warms up.")] = 5,
    memory: Annotated[
        bool, typer.Option(help="Measure every side's memory too, on the last pair, in a fresh process each.")
    ] = True,
    shape: ShapeOption = "mini",
    threads: ThreadsOption = None,
    device: DeviceOption = "auto",
    dtype: DtypeOption = "fp32",
    seed: SeedOption = 1,
    picture_tokens: PictureOption = 256,
    as_json: JsonOption = False,
    as_markdown: MarkdownOption = False,
    hidden: Measure = None,
    layers: Measure = None,
    heads: Measure = None,
    kv_heads: Measure = None,
    intermediate: Measure = None,
    vocab: Measure = None,
    vision_hidden: Measure = None,
    vision_depth: Measure = None,
    vision_heads: Measure = None,
    vision_intermediate: Measure = None,
    vision_full: Measure = None,
) -> None:
    """Judge documents by turns: this pass with an empty and a full picture cache, the plain pass, and
    sentence-transformers' CrossEncoder, on one checkpoint with random weights; and compare with the least time that the
    machine could take."""
    refuse_both(as_json, as_markdown)
    # Imported here, as in the commands below: `lychee --help` must not wait for it.
    import torch

    from evaluation.bench import cross_encoder, page, report
    from evaluation.bench.corpus import pairs_named
    from evaluation.bench.memory import side_peaks
    from evaluation.bench.rerank import Options, measure
    from evaluation.bench.shape import shape_named

    wanted = shape_named(
        shape,
        hidden=hidden,
        layers=layers,
        heads=heads,
        kv_heads=kv_heads,
        intermediate=intermediate,
        vocab=vocab,
        vision_hidden=vision_hidden,
        vision_depth=vision_depth,
        vision_heads=vision_heads,
        vision_intermediate=vision_intermediate,
        vision_full=vision_full,
    )
    setup = setup_of(wanted, threads, device, dtype, seed, picture_tokens)
    options = Options(setup, pairs_named(pair or []), documents, rounds)
    missing = None if cross_encoder.installed() else cross_encoder.MISSING
    if missing is not None:
        typer.echo(missing, err=True)
    with status() as say:
        say("making the model")
        checkpoint = setup.checkpoint()
        made_under, started = conditions_of(setup), time.perf_counter()
        pairs = measure(options, checkpoint, say)
        del checkpoint
        torch.cuda.empty_cache()  # a GPU may have no room for two; without one this does nothing
        last = pairs[-1]
        chosen = [(side.name, side.batch_size) for side in last.sides] if memory else []
        say("memory, in fresh processes")
        peaks = side_peaks(setup, last.pair, documents, chosen)
        spent = replace(made_under, seconds=round(time.perf_counter() - started, 1))
    found = report.Rerank(spent, wanted, pairs, last.pair if memory else None, peaks, missing)
    about = [page.setting(spent), report.model(wanted)]
    show(found, about, report.rerank_grids(found), as_json=as_json, as_markdown=as_markdown)
