"""`lychee bench`: measures speed and memory from the command line."""

import json
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from evaluation.bench.report import Concurrency, Memory, Rerank
    from evaluation.bench.setup import Setup
    from evaluation.bench.shape import Shape
    from evaluation.conditions import Conditions
    from evaluation.pages.grid import Grid

app = typer.Typer(help="Measure speed and memory, each beside what others offer.", no_args_is_help=True)

_PRESETS = "tiny (seconds, to try it out), mini (about 50M parameters), 3b or 7b (Qwen2.5-VL's own)"
ShapeOption = Annotated[str, typer.Option("--shape", help=f"The model, with random weights: {_PRESETS}.")]
ThreadsOption = Annotated[int | None, typer.Option(min=1, help="Threads of torch (default: its own choice).")]
DeviceOption = Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:N.")]
DtypeOption = Annotated[str, typer.Option(help="auto, bf16, fp16 or fp32.")]
SeedOption = Annotated[int, typer.Option(min=0, help="Of weights, texts and pictures.")]
PictureOption = Annotated[int, typer.Option(help="Tokens of a picture: a square number from 4 to 1280.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
MarkdownOption = Annotated[bool, typer.Option("--markdown", help="Print Markdown, as docs/benchmarks.md has it.")]
Measure = Annotated[int | None, typer.Option(min=1, rich_help_panel="Measures in place of the shape's")]


@app.callback()
def bench() -> None:
    """Measure speed and memory, each beside what others offer."""


@app.command(epilog="Example: lychee bench rerank --threads 2 --json > rerank.json")
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
    _refuse_both(as_json, as_markdown)
    # Imported here, as in the commands below: `lychee --help` must not wait for it.
    import torch

    from evaluation.bench import cross_encoder, report
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
    setup = _setup(wanted, threads, device, dtype, seed, picture_tokens)
    options = Options(setup, pairs_named(pair or []), documents, rounds)
    missing = None if cross_encoder.installed() else cross_encoder.MISSING
    if missing is not None:
        typer.echo(missing, err=True)
    with _status() as say:
        say("making the model")
        checkpoint = setup.checkpoint()
        made_under, started = _conditions(setup), time.perf_counter()
        pairs = measure(options, checkpoint, say)
        del checkpoint
        torch.cuda.empty_cache()  # a GPU may have no room for two; without one this does nothing
        last = pairs[-1]
        chosen = [(side.name, side.batch_size) for side in last.sides] if memory else []
        say("memory, in fresh processes")
        peaks = side_peaks(setup, last.pair, documents, chosen)
        spent = replace(made_under, seconds=round(time.perf_counter() - started, 1))
    found = report.Rerank(spent, wanted, pairs, last.pair if memory else None, peaks, missing)
    _print(found, report.rerank_grids(found), as_json=as_json, as_markdown=as_markdown)


@app.command(epilog="Example: lychee bench memory --documents 100 --documents 1000")
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
    _refuse_both(as_json, as_markdown)
    from evaluation.bench import report
    from evaluation.bench.memory import Request, request_peak
    from evaluation.bench.shape import shape_named

    setup = _setup(shape_named(shape), threads, device, dtype, seed, 256)
    made_under, started = _conditions(setup), time.perf_counter()
    peaks = {}
    with _status() as say:
        for count in sorted(set(documents or (100, 1000))):
            say(f"{count:,} documents in a fresh process")
            peaks[count] = request_peak(setup, Request(count, cache_mb * 2**20))
    spent = replace(made_under, seconds=round(time.perf_counter() - started, 1))
    found = report.Memory(spent, setup.shape, peaks)
    _print(found, report.memory_grids(found), as_json=as_json, as_markdown=as_markdown)


@app.command(epilog="Example: lychee bench concurrency --long 500 --requests 60")
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
    _refuse_both(as_json, as_markdown)
    from evaluation.bench import report
    from evaluation.bench.concurrency import Load, measure
    from evaluation.bench.corpus import pairs_named
    from evaluation.bench.shape import shape_named

    load = Load(pairs_named([pair])[0], long, requests, clients, each, rounds)
    setup = _setup(shape_named(shape), threads, device, dtype, seed, 256)
    made_under, started = _conditions(setup), time.perf_counter()
    with _status() as say:
        latency, sharing = measure(setup, load, say)
    spent = replace(made_under, seconds=round(time.perf_counter() - started, 1))
    found = report.Concurrency(spent, setup.shape, load, latency, sharing)
    _print(found, report.concurrency_grids(found), as_json=as_json, as_markdown=as_markdown)


@app.command(epilog="Example: lychee bench encode build --architecture ViT-B-32 --images 96")
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
    named = _how({options.encoder: shown}) | asdict(options) | {"encoder": shown}
    made_under, started = replace(conditions(device, dtype, named), threads=options.threads), time.perf_counter()
    result = measure(options)
    spent = replace(made_under, seconds=round(time.perf_counter() - started, 1))
    typer.echo(json.dumps({"conditions": asdict(spent), "result": result}, ensure_ascii=False, indent=2))


def _refuse_both(as_json: bool, as_markdown: bool) -> None:
    from content.errors import InvalidInput

    if as_json and as_markdown:
        raise InvalidInput("choose one of --json and --markdown", param="--markdown")


def _how(shown: Mapping[str, str] = MappingProxyType({})) -> dict[str, object]:
    """shown: what an option was given -> how it may be published. load_before: processes that ran or waited to, over
    the last minute; far from 0, wall times are rough."""
    words = [_shown(word, shown) for word in sys.argv[1:]]
    return {"command": shlex.join(["lychee", *words]), "load_before": round(os.getloadavg()[0], 2)}


def _shown(word: str, shown: Mapping[str, str]) -> str:
    """word: of the command line, a value or an `--option=value`."""
    option, sign, value = word.partition("=") if word.startswith("-") else ("", "", word)
    return option + sign + shown.get(value, value)


def _setup(shape: "Shape", threads: int | None, device: str, dtype: str, seed: int, picture_tokens: int) -> "Setup":
    import torch

    from evaluation.bench.setup import Setup

    return Setup(shape, threads or torch.get_num_threads(), device, dtype, seed, picture_tokens)


def _conditions(setup: "Setup") -> "Conditions":
    from evaluation.conditions import conditions

    made = conditions(setup.device, setup.dtype, _how() | asdict(setup))
    return replace(made, threads=setup.threads)


def _print(
    found: "Rerank | Memory | Concurrency", grids: Sequence["Grid"], *, as_json: bool, as_markdown: bool
) -> None:
    from evaluation.bench import report
    from evaluation.pages.grid import terminal

    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    elif as_markdown:
        typer.echo(report.as_markdown(found.conditions, found.shape, grids))
    else:
        console = Console(width=None if sys.stdout.isatty() else 200)
        console.print(report.setting(found.conditions), markup=False, highlight=False)
        console.print(report.model(found.shape), markup=False, highlight=False)
        for grid in grids:
            console.print(terminal(grid))


@contextmanager
def _status() -> Iterator[Callable[[str], None]]:
    """What is being done, on stderr."""
    with Console(stderr=True).status("") as status:
        yield status.update
