"""`lychee collection`: collections are listed, made, checked, compacted, backed up, restored and dropped. Loads no
model, but to make one."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

from content.errors import InvalidInput
from search.cli.failures import NOTHING_DONE, complain
from search.cli.options import ConfigOption, DeviceOption, DtypeOption, EncoderOption, JsonOption
from search.cli.output import as_json, loading, one_line, plain_table, stderr, stdout
from search.load_settings import load_settings
from search.settings import Settings

if TYPE_CHECKING:
    from indexer.checking.report import CheckReport
    from search.library import Library

_MB = 10**6
NameArgument = Annotated[str, typer.Argument(help="The collection's name.", metavar="NAME", show_default=False)]
app = typer.Typer(
    help="Look after collections: make, list, show, check, compact, back up, restore, drop.", no_args_is_help=True
)


@app.callback()
def collection() -> None:
    """Look after collections: make, list, show, check, compact, back up, restore, drop; also while a server runs."""


@app.command("list", epilog="Example: lychee collection list --json")
def list_collections(json: JsonOption = False, config: ConfigOption = None) -> None:
    """Every collection with its items and encoder; one that cannot be read, with the reason."""
    listed = _library(load_settings(config, {})).list()
    if json:
        rows = [
            {"name": each.name, "error": each.error}
            if each.manifest is None
            else {"name": each.name, "items": each.manifest.items, "encoder": each.manifest.encoder}
            for each in listed
        ]
        typer.echo(as_json(rows))
        return
    table = plain_table("Items", "Collection", "Encoder", numbers=1)
    for each in listed:
        told = (
            ("", one_line(each.error or ""))
            if each.manifest is None
            else _told(each.manifest.items, each.manifest.encoder)
        )
        table.add_row(told[0], each.name, told[1])
    if listed:
        stdout().print(table)
    else:
        stdout().print("there are no collections yet; lychee index makes one")


@app.command(epilog="Example: lychee collection info photos")
def info(name: NameArgument, json: JsonOption = False, config: ConfigOption = None) -> None:
    """What a collection is: its items, its encoder, its indexes with their measured recall, the room it takes."""
    with _library(load_settings(config, {})).looked_at(name) as opened:
        manifest, usage, folder = opened.manifest, opened.usage(), opened.folder
    indexes = {
        channel: asdict(state) | (asdict(usage.drift[channel]) if channel in usage.drift else {})
        for channel, state in manifest.indexes.items()
    }
    if json:
        told = {"name": folder.name, **asdict(manifest), "indexes": indexes}
        typer.echo(as_json({**told, "bytes": {"store": usage.store, "indexes": usage.indexes}}))
        return
    console = stdout()
    console.print(f"{folder.name}: {manifest.items:,} items in {folder}", markup=False)
    console.print(f"encoder: {manifest.encoder} ({manifest.dimension} dimensions)", markup=False)
    console.print(f"on disk: {usage.store / _MB:,.1f} MB, indexes {usage.indexes / _MB:,.1f} MB", markup=False)
    for channel, state in manifest.indexes.items():
        line = f"{channel}: {state.vectors:,} vectors, {state.type}, recall@100 {state.recall:.4f}"
        if channel in usage.drift:
            drift = usage.drift[channel]
            line += f", k_factor {state.k_factor}; since it was built {drift.fresh:,} came and {drift.dead:,} went"
        console.print(line, markup=False)


@app.command(epilog="Example: lychee collection create photos --encoder ViT-B-16-SigLIP2-256/webli")
def create(
    name: NameArgument,
    encoder: EncoderOption = None,
    device: DeviceOption = None,
    dtype: DtypeOption = None,
    config: ConfigOption = None,
) -> None:
    """Make an empty collection for an encoder, to be filled over HTTP or by `lychee index`."""
    settings = load_settings(config, {"encoder": encoder, "device": device, "dtype": dtype})
    from search.library import check_name

    check_name(name)  # nobody should wait for a model to hear of that
    with loading("the encoder"):
        from search.assembly import index_policy, load_encoder, with_own_encoder
        from search.library import Library

        model = load_encoder(with_own_encoder(settings, settings.collections / name))
    library = Library(settings.collections, model, index_policy(settings))
    try:
        made = library.create(name)
    finally:
        library.close()
    told = "made" if made else "there already, and stays as it was"
    stdout().print(f"the collection {name} for {model.name} is {told}", markup=False)


@app.command(epilog="Example: lychee collection check photos && echo all is well")
def check(
    name: NameArgument,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what is wrong, and repair nothing.")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Compare words, filters and indexes with the stored items, and build again what is wrong.

    Leaves with 0 when all is well in the end, and with 1 when something is still wrong.
    """
    library = _library(load_settings(config, {}))
    with library.looked_at(name) as opened, _working("Checking") as tell:
        report = opened.check(not dry_run, lambda part: tell(None, f"Checking the {part}"))
    if json:
        typer.echo(as_json({"collection": name, "clean": report.is_clean, "sound": report.is_sound, **asdict(report)}))
    else:
        _show_check(name, report)
    if not report.is_sound:
        complain(f"something is still wrong with the collection {name}; see above")
        raise typer.Exit(NOTHING_DONE)


@app.command(epilog="Example: lychee collection compact photos")
def compact(name: NameArgument, config: ConfigOption = None) -> None:
    """Build the indexes of a large collection anew, and give back the room that deleted items left."""
    library = _library(load_settings(config, {}))
    with library.looked_at(name) as opened, _working("Compacting") as tell:
        before = opened.usage()
        opened.compact(lambda share: tell(share, None))
        after = opened.usage()
    freed = before.store + before.indexes - after.store - after.indexes
    taken = (after.store + after.indexes) / _MB
    stdout().print(f"the collection {name} takes {taken:,.1f} MB, {freed / _MB:,.1f} MB less than before", markup=False)


@app.command(epilog="Example: lychee collection backup photos /backups/photos-2026-05-01")
def backup(
    name: NameArgument,
    file: Annotated[Path, typer.Argument(help="The file to write.", metavar="FILE", show_default=False)],
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file if it is there.")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Write a collection into one file, as it is at one moment, while searches and writes go on."""
    library = _library(load_settings(config, {}))
    with _working("Backing up") as tell:
        written = library.back_up(name, file, replace=force, reached=lambda share: tell(share, None))
    if json:
        typer.echo(as_json({"collection": name, "file": str(file), **asdict(written)}))
        return
    stdout().print(f"{written.items:,} items of {name} are in {file} ({written.size / _MB:,.1f} MB)", markup=False)


@app.command(epilog="Example: lychee collection restore /backups/photos-2026-05-01 photos-again")
def restore(
    file: Annotated[Path, typer.Argument(help="What backup wrote.", metavar="FILE", show_default=False)],
    name: NameArgument,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Make a new collection out of a backup. Its indexes are built when it is first searched."""
    library = _library(load_settings(config, {}))
    with _working("Restoring") as tell:
        restored = library.restore(file, name, reached=lambda share: tell(share, None))
    if json:
        typer.echo(as_json({"collection": name, "file": str(file), **asdict(restored)}))
        return
    stdout().print(
        f"the collection {name} has {restored.items:,} items, and is searched with the encoder {restored.encoder}",
        markup=False,
    )


@app.command(epilog="Example: lychee collection drop photos --yes")
def drop(
    name: NameArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    config: ConfigOption = None,
) -> None:
    """Remove a collection with all its items from the disk. There is no way back but a backup."""
    library = _library(load_settings(config, {}))
    folder = library.folder(name)
    if not yes and folder.is_dir():
        if not sys.stdin.isatty():
            raise InvalidInput(f"dropping {name} cannot be undone; say --yes where nobody can be asked", param="--yes")
        typer.confirm(f"Remove the collection {name} with all its items from the disk?", abort=True)
    library.drop(name)
    stdout().print(f"the collection {name} is removed", markup=False)


def _library(settings: Settings) -> "Library":
    from search.assembly import index_policy
    from search.library import Library

    return Library(settings.collections, None, index_policy(settings))


def _told(items: int, encoder: str) -> tuple[str, str]:
    return f"{items:,}", one_line(encoder)


def _show_check(name: str, report: "CheckReport") -> None:
    console = stdout()
    for finding in report.findings:
        console.print(f"{finding.part}: {one_line(finding.problem)}; {one_line(finding.remedy)}", markup=False)
    counted = f"{report.items:,} items and {report.vectors:,} vectors in {report.seconds:.1f} s"
    if report.is_clean:
        console.print(f"the collection {name} is in order: {counted}", markup=False)
    elif report.is_sound:
        console.print(f"the collection {name} is in order again: {counted}", markup=False)


@contextmanager
def _working(what: str) -> Iterator[Callable[[float | None, str | None], None]]:
    """Shows on a terminal how far something is, or what of it is done now, where the callable it gives is told so."""
    console = stderr()
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)

        def tell(share: float | None, now: str | None) -> None:
            bar.update(task, description=now, total=None if share is None else 1.0, completed=share)

        yield tell
