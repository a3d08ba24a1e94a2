"""`lychee index`: a source becomes a collection, with a progress bar. Knows no kinds of sources and no encoders."""

from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from search.cli.failures import NOTHING_DONE, complain
from search.cli.options import (
    CollectionOption,
    ConfigOption,
    DeviceOption,
    DtypeOption,
    EncoderOption,
    JsonOption,
    QuantizationOption,
    RerankerOption,
)
from search.cli.output import as_json, loading, one_line, stderr, stdout
from search.cli.warm import check_warm, show_warmed, warm_collection, warn_if_full
from search.load_settings import load_settings
from search.settings import Settings, SettingValue

if TYPE_CHECKING:
    from indexer.build import BuildReport
    from indexer.build import Progress as BuildProgress
    from indexer.collection import Collection
    from indexer.ocr import TextReader
    from indexer.protocols import Encoder
    from indexer.record import Source

WorkersOption = Annotated[
    int | None,
    typer.Option("--workers", help="Threads that read and decode (default: one for each processor).", min=1, max=256),
]
BatchOption = Annotated[
    int | None,
    typer.Option("--batch-size", help="Items that are encoded and stored together (default: 64).", min=1, max=4096),
]
OcrOption = Annotated[
    bool,
    typer.Option(
        "--ocr",
        help="Describe pictures by the text in them as well, Chinese and English, also those indexed without before.",
    ),
]
WarmOption = Annotated[
    bool,
    typer.Option(
        "--warm",
        help="Then show all pictures to stage 2's model and keep on disk what it made of them, which makes the first "
        "searches faster; needs the setting picture_cache_disk_mb.",
    ),
]


def index(
    source: Annotated[
        Path,
        typer.Argument(
            help="A folder of pictures, texts and PDFs, a JSONL, CSV or Parquet table with the columns id, text, image "
            "and any others, or a ZIP of all these.",
            show_default=False,
        ),
    ],
    collection: CollectionOption = None,
    encoder: EncoderOption = None,
    batch_size: BatchOption = None,
    workers: WorkersOption = None,
    ocr: OcrOption = False,
    warm: WarmOption = False,
    reranker: RerankerOption = None,
    quantization: QuantizationOption = None,
    json: JsonOption = False,
    device: DeviceOption = None,
    dtype: DtypeOption = None,
    config: ConfigOption = None,
) -> None:
    """Index a folder, a table or a ZIP. Run again, it indexes what is new or changed, and goes on where it was
    interrupted."""
    overrides: dict[str, SettingValue] = {
        "collection": collection, "encoder": encoder, "encoder_batch_size": batch_size,
        "device": device, "dtype": dtype, "reranker": reranker, "quantization": quantization,
    }  # fmt: skip
    settings = load_settings(config, overrides)
    if warm:
        check_warm(settings)
    # Imported here: `lychee --help` must not wait for torch, nor a mistake in an option.
    from indexer.sources import opened_source
    from search.library import check_name

    name = check_name(settings.collection)
    with opened_source(source, settings.image_limits) as entries:
        indexed = _indexed(name, entries, settings, workers, ocr=ocr)
    report, any_item = indexed.report, bool(indexed.report.indexed or indexed.report.unchanged)
    if not json:
        _show(report, name, indexed.items)
    told: dict[str, object] = {
        "collection": name, "encoder": indexed.encoder, "items": indexed.items, **asdict(report),
    }  # fmt: skip
    try:
        warmed = warm_collection(settings.collections / name, settings) if warm and any_item else None
        if warmed is not None:
            told["warmed"] = asdict(warmed)
    finally:  # what was indexed stays, whatever keeps it from being warmed
        if json:
            typer.echo(as_json(told))
    if warmed is not None:
        if not json:
            show_warmed(warmed, settings)
        warn_if_full(warmed, settings)
    if not any_item:
        complain(_nothing_done(source, refused=bool(report.refused), made=indexed.created))
        raise typer.Exit(NOTHING_DONE)


@dataclass(frozen=True, slots=True)
class _Indexed:
    report: "BuildReport"
    encoder: str
    items: int
    created: bool


def _indexed(name: str, source: "Source", settings: Settings, workers: int | None, *, ocr: bool) -> _Indexed:
    """Stage 1's model is let go of when this returns: there may be no room for both."""
    reader = _text_reader() if ocr else None
    with loading("the encoder"):
        from search.assembly import index_policy, load_encoder, with_own_encoder
        from search.library import Library

        model = load_encoder(with_own_encoder(settings, settings.collections / name))
    with closing(Library(settings.collections, model, index_policy(settings))) as library:
        created = library.create(name)
        opened = library.open(name)
        report = _build(opened, model, source, settings, workers, reader)
        items = len(opened)
        if created and not items:
            library.drop(name)
    return _Indexed(report, model.name, items, created)


def _text_reader() -> "TextReader":
    with loading("the reader of text"):
        from search.assembly import load_text_reader

        return load_text_reader()


def _build(
    collection: "Collection",
    encoder: "Encoder",
    source: "Source",
    settings: Settings,
    workers: int | None,
    reader: "TextReader | None",
) -> "BuildReport":
    from indexer.build import build

    columns = (
        TextColumn("Indexing"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.0f}/s{task.fields[found]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=stderr()) as bar:
        task = bar.add_task("", total=source.count(), rate=0.0, found="")

        def show(now: "BuildProgress") -> None:
            found = "" if now.texts_found is None else f", text in {now.texts_found:,}"
            bar.update(task, completed=now.done, total=now.total, rate=now.rate, found=found)

        report = build(
            collection,
            encoder,
            source,
            batch_size=settings.encoder_batch_size,
            workers=workers,
            limits=settings.image_limits,
            reader=reader,
            on_progress=show,
        )
        bar.update(task, total=bar.tasks[task].completed)  # the source's own count may be an estimate
    return report


def _nothing_done(source: Path, *, refused: bool, made: bool) -> str:
    reason = "every file or row was refused" if refused else "it holds no picture, text, PDF or row"
    outcome = "no collection was made" if made else "the collection stays as it was"
    return f"nothing in {source} could be indexed: {reason}; {outcome}"


def _show(report: "BuildReport", name: str, items: int) -> None:
    for refusal in report.refused:
        stderr().print(
            Text(f"refused {one_line(refusal.origin)}: {one_line(refusal.reason)}", "yellow"), soft_wrap=True
        )
    counts = f"{report.indexed:,} indexed, {report.unchanged:,} unchanged, {len(report.refused):,} refused"
    found = "" if report.texts_found is None else f"; text in {report.texts_found:,} of the pictures"
    if report.unread:
        found += f", {report.unread:,} could not be read and are tried again by the next run with --ocr"
    kept = f"; the collection {name} has {items:,} items" if items else ""
    stdout().print(f"{counts} in {report.seconds:.1f} s{found}{kept}", markup=False)
