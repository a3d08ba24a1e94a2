"""`lychee evaluate`: measures ranking quality from the command line."""

import json
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

app = typer.Typer(help="Measure ranking quality: stage 1 beside stage 2.", no_args_is_help=True)


@app.callback()
def evaluate() -> None:
    """Measure ranking quality: stage 1 beside stage 2."""


@app.command(epilog="Example: lychee evaluate demo --queries 100 --json > figures.json")
def demo(
    items: Annotated[int, typer.Option(min=10, max=20_000, help="Held-out items to search in.")] = 2000,
    queries: Annotated[int, typer.Option(min=1, max=20_000, help="Queries per task and language.")] = 500,
    candidates: Annotated[int, typer.Option(min=1, max=1000, help="How many candidates stage 2 reads.")] = 50,
    seed: Annotated[int, typer.Option(help="Seed of the held-out scenes.")] = 1,
    encoder: Annotated[str | None, typer.Option(help="Stage 1's model, as in `lychee index`.")] = None,
    reranker: Annotated[str | None, typer.Option(help="Stage 2's model, as in `lychee search`.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda or cuda:N.")] = None,
    dtype: Annotated[str | None, typer.Option(help="auto, bf16, fp16 or fp32.")] = None,
    config: Annotated[Path | None, typer.Option(help="A TOML file with settings.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Text -> image and image -> text on held-out scenes of the demo catalogue, in English and Chinese."""
    # Imported here: `lychee --help` must not wait for torch.
    from content.errors import InvalidInput
    from demo.catalogue import evaluation_set
    from evaluation import report
    from evaluation.demo import run, tasks
    from search.assembly import load_encoder, load_reranker
    from search.settings import load_settings

    if queries > items:
        raise InvalidInput(f"{queries} queries need as many items, and --items is {items}", param="--queries")
    overrides = {"encoder": encoder, "reranker": reranker, "device": device, "dtype": dtype}
    settings = load_settings(config, overrides)
    stage1, stage2 = load_encoder(settings), load_reranker(settings)
    if stage2 is None:
        raise InvalidInput("stage 2 is switched off; name a reranker to evaluate", param="--reranker")
    todo = tasks(evaluation_set(items=items, queries=queries, seed=seed))
    started = time.perf_counter()
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    ) as progress:
        bar = progress.add_task("queries", total=len(todo) * queries)
        results = []
        for task in todo:
            progress.update(bar, description=f"{task.name} ({task.language})")
            results.append(run(task, stage1, stage2, candidates=candidates, on_query=lambda: progress.advance(bar)))
    about = {
        "encoder": stage1.name,
        "encoder_fingerprint": stage1.fingerprint,
        "reranker": stage2.name,
        "reranker_fingerprint": stage2.fingerprint,
        "items": items,
        "candidates": candidates,
        "seed": seed,
        "seconds": round(time.perf_counter() - started, 1),
    }
    if as_json:
        typer.echo(json.dumps(report.as_json(results, about), ensure_ascii=False, indent=2))
    else:
        title = f"{items} held-out items, {queries} queries a row, {candidates} candidates"
        Console().print(report.table(results, title))
