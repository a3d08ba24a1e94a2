"""`lychee search`: one query through both stages, shown as a table. Knows nothing of how the stages work."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from content import Target
from reranker.display import Display
from search.cli.channels import channel_weights
from search.cli.options import (
    ChannelOption,
    CollectionOption,
    ConfigOption,
    DeviceOption,
    DtypeOption,
    EncoderOption,
    FilterOption,
    InstructionOption,
    JsonOption,
    JudgeOption,
    NormalizeOption,
    QuantizationOption,
    RaiseOption,
    RerankerOption,
    ScaleOption,
    ThresholdOption,
)
from search.cli.output import as_json, excerpt, loading, one_line, plain_table, stdout, warn
from search.load_settings import load_settings
from search.settings import SettingValue

if TYPE_CHECKING:
    from search.answer import Answer, Hit


def search(
    text: Annotated[str | None, typer.Argument(help="What to look for, in words.", show_default=False)] = None,
    image: Annotated[
        Path | None,
        typer.Option("--image", help="What to look for, as a picture; with or without TEXT.", metavar="FILE"),
    ] = None,
    collection: CollectionOption = None,
    target: Annotated[Target, typer.Option(help="Look among pictures, texts or both.")] = "any",
    candidates: Annotated[
        int | None, typer.Option(help="How many candidates stage 1 hands to stage 2 (default: 100).", min=1, max=1000)
    ] = None,
    top_k: Annotated[int, typer.Option("--top-k", help="How many hits to show.", min=1)] = 10,
    threshold: ThresholdOption = None,
    instruction: InstructionOption = None,
    filter: FilterOption = None,
    channel: ChannelOption = None,
    no_rerank: Annotated[bool, typer.Option("--no-rerank", help="Answer with stage 1 alone.")] = False,
    scale: ScaleOption = 1,
    normalize: NormalizeOption = None,
    raise_on_error: RaiseOption = False,
    first_look_pixels: Annotated[
        int | None,
        typer.Option(
            help="Look at all pictures with so many pixels first (default: 0, which reads all in full).", min=0
        ),
    ] = None,
    first_look_keep: Annotated[
        int | None, typer.Option(help="How many pictures are then read in full (default: 20).", min=1)
    ] = None,
    json: JsonOption = False,
    encoder: EncoderOption = None,
    reranker: RerankerOption = None,
    judge: JudgeOption = None,
    quantization: QuantizationOption = None,
    device: DeviceOption = None,
    dtype: DtypeOption = None,
    config: ConfigOption = None,
) -> None:
    """Search a collection with a text, a picture or both."""
    overrides: dict[str, SettingValue] = {
        "collection": collection, "candidates": candidates, "encoder": encoder, "device": device, "dtype": dtype,
        "reranker": "none" if no_rerank else reranker, "judge": judge, "quantization": quantization,
        "first_look_pixels": first_look_pixels, "first_look_keep": first_look_keep,
    }  # fmt: skip
    settings = load_settings(config, overrides)
    # Imported here: `lychee --help` must not wait for torch, nor a mistake in an option.
    from retriever.retriever import check_recall
    from search.cli.documents import read_query
    from search.cli.filters import read_filter
    from search.library import check_name

    wanted = read_filter(filter)
    channels = channel_weights(channel or ())
    check_recall(target, settings.candidates, channels)
    query = read_query(text, image, settings.image_limits)
    folder = settings.collections / check_name(settings.collection)
    with loading("the models") as progress:
        from search.assembly import load_engine

        engine = load_engine(folder, settings, progress)
    with engine:
        answer = engine.search(
            query,
            target=target,
            candidates=settings.candidates,
            top_k=top_k,
            score_threshold=threshold,
            instruction=instruction,
            wanted=wanted,
            channels=channels,
            scale=scale,
            normalize=normalize,
            raise_on_error=raise_on_error,
        )
    if json:
        typer.echo(as_json(asdict(answer)))
    else:
        _show(answer)


def _show(answer: "Answer") -> None:
    score = Display(answer.scale, answer.normalize).label if answer.reranked else "fused score"
    table = plain_table("#", "# stage 1", score, "id", "item", "found by", numbers=3)
    for hit in answer.hits:
        table.add_row(*_row(hit))
    took = answer.timings_ms
    stages = f"encode {took.encode:.0f} ms, recall {took.recall:.0f} ms, rerank {took.rerank:.0f} ms"
    stdout().print(table)
    stdout().print(f"{len(answer.hits)} hits, ordered by {one_line(answer.model)}; {stages}", style="dim", markup=False)
    warn(answer.warnings)


def _row(hit: "Hit") -> list[Text]:
    found = ", ".join(f"{place.query} → {place.channel} {place.rank}" for place in hit.retrieval.channels)
    item = Text(excerpt(hit.text if hit.passage is None else hit.passage.text, hit.metadata))
    if hit.error is not None:
        item.append(f" not judged: {one_line(hit.error)}", style="red")
    score = f"{'≈ ' if hit.tied else ''}{hit.score:.4f}"
    return [
        Text(str(hit.rank)), Text(str(hit.retrieval.rank)), Text(score), Text(one_line(hit.id)), item, Text(found),
    ]  # fmt: skip
