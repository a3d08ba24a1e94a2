"""`lychee evaluate depth`: quality and time by candidates, pixels and first looks, by its user's options."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from content import Target
from search.cli.options import ConfigOption, DeviceOption, DtypeOption, EncoderOption, RerankerOption

if TYPE_CHECKING:
    from evaluation.depth.source import Source
    from indexer.protocols import Encoder
    from reranker.protocol import Reranker
    from search.settings import Settings


def depth(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A folder in BEIR form (default: the demo's held-out scenes).", show_default=False),
    ] = None,
    at: Annotated[
        list[int] | None,
        typer.Option(
            "--at", help="How many candidates are read; repeatable (default: 10, 20, 50, 100).", min=1, max=1000
        ),
    ] = None,
    pixels: Annotated[
        list[int] | None,
        typer.Option(help="Pixels of a picture, beside all of them; repeatable (default: 9/16 and 1/4 of all).", min=1),
    ] = None,
    keep: Annotated[
        list[int] | None,
        typer.Option(help="How many are read in full after a first look; repeatable (default: 10, 20).", min=1),
    ] = None,
    queries: Annotated[int, typer.Option(min=1, max=20_000, help="At most so many queries.")] = 60,
    split: Annotated[str, typer.Option(help="Of a folder: which judgements.")] = "test",
    target: Annotated[Target, typer.Option(help="Of a folder: search pictures, texts or both.")] = "any",
    items: Annotated[int, typer.Option(min=10, max=20_000, help="Of the demo: held-out items to search in.")] = 2000,
    pair: Annotated[
        str, typer.Option(help="Of the demo: what is asked and searched, such as 'IT->I', in quotes.")
    ] = "T->I",
    language: Annotated[str, typer.Option(help="Of the demo: en, zh or mixed.")] = "en",
    seed: Annotated[int, typer.Option(help="Of the demo: seed of its scenes.")] = 1,
    report: Annotated[Path | None, typer.Option(help="Also write an HTML page.", metavar="FILE")] = None,
    encoder: EncoderOption = None,
    reranker: RerankerOption = None,
    device: DeviceOption = None,
    dtype: DtypeOption = None,
    config: ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """What stage 2's quality costs: nDCG@10 and time by the number of candidates, by the pixels of their pictures, and
    with a cheap first look before the full reading, by turns in one run."""
    # Imported here: `lychee --help` must not wait for torch.
    from content.errors import InvalidInput
    from evaluation.cli.bar import progress_bar
    from evaluation.conditions import conditions
    from evaluation.depth.figures import figures
    from evaluation.depth.plan import plan
    from evaluation.depth.run import outcomes
    from evaluation.depth.shown import grid, to_json, write_page
    from evaluation.pages.grid import terminal
    from search.assembly import load_encoder, load_reranker
    from search.cli.output import loading, stdout
    from search.first_look import AtPixels
    from search.load_settings import load_settings

    overrides = {"encoder": encoder, "reranker": reranker, "device": device, "dtype": dtype, "picture_cache_mb": 0}
    settings = load_settings(config, {**overrides, "first_look_pixels": 0})
    with loading("the models"):
        stage1, stage2 = load_encoder(settings), load_reranker(settings)
    if not isinstance(stage2, AtPixels):
        raise InvalidInput("depth needs a stage 2 with the judge yes-no", param="--reranker")
    planned = plan(at or (), pixels or (), (10, 20) if keep is None else keep, stage2.max_pixels)
    options = {
        "folder": None if folder is None else folder.resolve().name, "candidates": planned.depths,
        "pixels": planned.pixels, "keep": planned.keeps, "queries": queries, "split": split, "target": target,
        "items": items, "pair": pair, "language": language, "seed": seed,
    }  # fmt: skip
    made_under = conditions(settings.device, settings.dtype, options)
    began = time.perf_counter()
    candidates = planned.depths[-1]
    opened = (
        _demo(pair, language, items, queries, seed, stage1, stage2, candidates)
        if folder is None
        else _folder(folder, split, queries, stage1, settings, candidates, target)
    )
    with opened as source:
        with progress_bar(len(source.queries)) as (_, step):
            found = figures(list(outcomes(source, stage2, planned, step)), planned)
        title, documents = source.title, len(source.collection)
    made_under = replace(made_under, seconds=round(time.perf_counter() - began, 1))
    if report is not None:
        write_page(report, title, documents, found, made_under)
    if as_json:
        typer.echo(json.dumps(to_json(title, documents, found, made_under), ensure_ascii=False))
    else:
        stdout().print(terminal(grid(found)))


@contextmanager
def _demo(
    pair: str,
    language: str,
    items: int,
    queries: int,
    seed: int,
    encoder: "Encoder",
    reranker: "Reranker",
    candidates: int,
) -> "Iterator[Source]":
    from content.errors import InvalidInput
    from evaluation.demo.pairs import languages_named, pairs_named, tasks
    from evaluation.depth.source import of_demo

    if queries > items:
        raise InvalidInput(f"{queries} queries need as many items, and --items is {items}", param="--queries")
    (task, *_) = tasks(pairs_named([pair]), languages_named([language]))
    with of_demo(task, items, queries, seed, encoder, reranker, candidates) as source:
        yield source


@contextmanager
def _folder(
    folder: Path,
    split: str,
    queries: int,
    encoder: "Encoder",
    settings: "Settings",
    candidates: int,
    target: Target,
) -> "Iterator[Source]":
    from evaluation.depth.source import of_folder
    from evaluation.folder.folder import BeirFolder
    from search.assembly import index_policy
    from search.cli.output import warn

    with BeirFolder(folder, split, settings.image_limits) as opened:
        warn(opened.warnings)
        policy, work = index_policy(settings), folder / ".lychee"
        with of_folder(opened, work, queries, encoder, policy, candidates, target) as source:
            yield source
