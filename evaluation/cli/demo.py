"""`lychee evaluate demo`: both stages on held-out scenes of the catalogue, by their user's options."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from evaluation.cli.bar import progress_bar

if TYPE_CHECKING:
    from indexer.protocols import Encoder
    from reranker.protocol import Reranker
    from search.settings import Settings

_COST = (
    "A row costs queries x candidates judged pairs, and all pairs in all languages are 22 rows. Two CPU cores judge "
    "100 to 200 a second: a run takes about half an hour as it stands, and two to three hours with --queries 500."
)


def demo(
    items: Annotated[int, typer.Option(min=10, max=20_000, help="Held-out items to search in.")] = 2000,
    queries: Annotated[int, typer.Option(min=1, max=20_000, help=f"Queries per row. {_COST}")] = 60,
    candidates: Annotated[int, typer.Option(min=1, max=1000, help="How many candidates stage 2 reads.")] = 100,
    depth: Annotated[int, typer.Option(min=1, max=1000, help="How many of them the figures are about.")] = 50,
    seed: Annotated[int, typer.Option(help="Seed of the held-out scenes.")] = 1,
    pair: Annotated[
        list[str] | None,
        typer.Option(help="Only this pairing of query and document, such as 'IT->I', in quotes; repeatable."),
    ] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only en, zh or mixed; repeatable.")] = None,
    encoder: Annotated[str | None, typer.Option(help="Stage 1's model, as in `lychee index`.")] = None,
    reranker: Annotated[str | None, typer.Option(help="Stage 2's model, as in `lychee search`.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda or cuda:N.")] = None,
    dtype: Annotated[str | None, typer.Option(help="auto, bf16, fp16 or fp32.")] = None,
    config: Annotated[Path | None, typer.Option(help="A TOML file with settings.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, down to the query, instead of tables.")] = False,
) -> None:
    """Text, picture or both on either side, on held-out scenes of the demo catalogue: stage 1 beside stage 2."""
    # Imported here: `lychee --help` must not wait for torch.
    from content.errors import InvalidInput
    from demo.catalogue import evaluation_set
    from evaluation.conditions import conditions, shown_name
    from evaluation.demo import transcript
    from evaluation.demo.figures import figures
    from evaluation.demo.pairs import languages_named, pairs_named, tasks
    from evaluation.demo.plan import Plan
    from evaluation.demo.result import Setup
    from evaluation.demo.run import Watcher, evaluate, steps
    from evaluation.demo.sides import fingerprint
    from evaluation.pages import grid, report
    from search.load_settings import load_settings

    if queries > items:
        raise InvalidInput(f"{queries} queries need as many items, and --items is {items}", param="--queries")
    plan = Plan(candidates, depth)
    todo = tasks(pairs_named(pair or []), languages_named(language or []))
    overrides = {"encoder": encoder, "reranker": reranker, "device": device, "dtype": dtype}
    settings = load_settings(config, overrides)
    stage1, stage2 = _models(settings)
    options = {
        "items": items, "queries": queries, "candidates": candidates, "depth": depth, "seed": seed,
        "rows": [one.name for one in todo], **_of_models(settings),
    }  # fmt: skip
    made_under = conditions(settings.device, settings.dtype, options)
    started = time.perf_counter()
    with progress_bar(sum(steps(task, queries) for task in todo)) as (name, step):
        data = evaluation_set(items=items, queries=queries, seed=seed)
        watcher = Watcher(on_task=lambda task: name(task.name), on_step=step)
        rows = [(one, figures(one, depth)) for one in evaluate(todo, data, stage1, stage2, plan, watcher)]
    setup = Setup(
        encoder=shown_name(stage1.name),
        encoder_fingerprint=stage1.fingerprint,
        reranker=shown_name(stage2.name),
        reranker_fingerprint=stage2.fingerprint,
        items=items,
        seed=seed,
        catalogue=fingerprint(data.items),
        depth=depth,
    )
    if as_json:
        spent = replace(made_under, seconds=round(time.perf_counter() - started, 1))
        typer.echo(json.dumps(transcript.to_json(setup, spent, rows), ensure_ascii=False))
        return
    console = Console()
    for table in report.grids(rows, depth):
        console.print(grid.terminal(table))


def _models(settings: "Settings") -> "tuple[Encoder, Reranker]":
    """Raises InvalidInput where there is no stage 2, and for models that were trained on what they are asked here."""
    from content.errors import InvalidInput
    from evaluation.demo.contamination import refuse_trained_on
    from search.assembly import load_encoder, load_reranker

    refuse_trained_on(settings.encoder, "encoder")
    refuse_trained_on(settings.reranker, "reranker")
    stage2 = load_reranker(settings)
    if stage2 is None:
        raise InvalidInput("stage 2 is switched off; name a reranker to evaluate", param="--reranker")
    return load_encoder(settings), stage2


def _of_models(settings: "Settings") -> dict[str, object]:
    """What of the settings decides figures and times."""
    from evaluation.conditions import shown_name

    return {
        "encoder": shown_name(settings.encoder),
        "reranker": shown_name(settings.reranker),
        "device": settings.device,
        "dtype": settings.dtype,
        "judge": settings.judge,
        "quantization": settings.quantization,
        "encoder_batch_size": settings.encoder_batch_size,
        "reranker_pass": settings.reranker_pass,
        "reranker_batch_tokens": settings.reranker_batch_tokens,
        "reranker_batch_size": settings.reranker_batch_size,
    }
