"""`lychee bench encode`. Measures nothing itself."""

import json
import time
from dataclasses import asdict, replace
from typing import Annotated

import typer

from evaluation.bench.cli.options import ThreadsOption
from evaluation.bench.cli.running import how


def encode(
    what: Annotated[str, typer.Argument(help="encode, build or memory.")] = "encode",
    encoder: Annotated[
        str | None, typer.Option(help="MODEL/TAG, hf-hub:... or a folder (default: the demo's).")
    ] = None,
    architecture: Annotated[
        str | None, typer.Option(help="An open_clip model with random weights in place of --encoder.")
    ] = None,
    device: Annotated[str, typer.Option(help="cpu, cuda or cuda:N.")] = "cpu",
    dtype: Annotated[str, typer.Option(help="fp32 or bf16.")] = "fp32",
    threads: ThreadsOption = None,
    batch: Annotated[int, typer.Option(min=1, help="Pictures in one forward, for both.")] = 32,
    images: Annotated[int, typer.Option(min=1, help="Pictures, or items for memory.")] = 512,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds that count; another one before them warms up.")] = 5,
    picture: Annotated[str, typer.Option(metavar="WxH", help="Pixels of a picture.")] = "320x240",
) -> None:
    """Stage 1's encoder (encode) or a whole build (build) beside the bare open_clip forward, or the memory of a build
    (memory). Prints JSON."""
    import torch

    from content.errors import InvalidInput
    from evaluation.bench.encode import DEMO, Options, measure, size_named, what_named
    from evaluation.conditions import conditions, shown_name

    if dtype not in ("fp32", "bf16"):
        raise InvalidInput(f"--dtype is fp32 or bf16 here, not {dtype!r}", param="--dtype")
    options = Options(
        what=what_named(what),
        encoder=encoder or str(DEMO),
        architecture=architecture,
        device=device,
        dtype="bf16" if dtype == "bf16" else "fp32",
        threads=threads or torch.get_num_threads(),
        batch=batch,
        images=images,
        rounds=rounds,
        picture=size_named(picture),
    )
    shown = shown_name(options.encoder)
    named = how({options.encoder: shown}) | asdict(options) | {"encoder": shown}
    made_under, started = replace(conditions(device, dtype, named), threads=options.threads), time.perf_counter()
    result = measure(options)
    spent = replace(made_under, seconds=round(time.perf_counter() - started, 1))
    typer.echo(json.dumps({"conditions": asdict(spent), "result": result}, ensure_ascii=False, indent=2))
