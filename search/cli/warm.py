"""The second half of `lychee index --warm`: the collection's pictures go into the picture cache, with a progress bar.
Knows nothing of models."""

from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from content.errors import InvalidInput, LycheeError
from search.cli.output import loading, stderr, stdout, warn
from search.settings import Settings

if TYPE_CHECKING:
    from search.warming import WarmReport

_MB = 10**6


def check_warm(settings: Settings) -> None:
    """Raises InvalidInput where there is nothing to keep the pictures in, or nobody to look at them."""
    if settings.picture_cache_disk_mb == 0:
        raise InvalidInput(
            "--warm keeps what it reads on disk, and picture_cache_disk_mb is 0; set it in lychee.toml or with "
            "LYCHEE_PICTURE_CACHE_DISK_MB=4000",
            param="--warm",
        )
    if settings.reranker == "none":
        raise InvalidInput("--warm shows the pictures to stage 2's model, and the reranker is none", param="--warm")
    if settings.judge == "rating":
        raise InvalidInput("--warm is for the judge yes-no; the judge rating keeps nothing of pictures", param="--warm")
    if settings.reranker_pass == "plain":
        raise InvalidInput(
            "--warm is for the reranker_pass shared; the plain pass reads every picture anew", param="--warm"
        )


def warm_collection(folder: Path, settings: Settings) -> "WarmReport":
    """Raises ModelError when the model cannot be loaded, LycheeError when there is no cache to be used."""
    from indexer.collection import Collection
    from search.assembly import load_reranker, make_picture_cache
    from search.warming import Seer, warm

    with closing(make_picture_cache(settings, filling=True)) as cache, Collection.open(folder) as collection:
        with loading("the reranker") as progress:
            model = load_reranker(settings, pictures=cache, progress=progress)
        if not isinstance(model, Seer) or not cache.on_disk:
            raise LycheeError(
                "the picture cache on disk cannot be used, so that nothing is warmed; see the warning above"
            )
        columns = (
            TextColumn("Warming"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]:.1f}/s"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=stderr()) as bar:
            task = bar.add_task("", total=collection.manifest.indexes["image"].vectors, rate=0.0)
            begin = perf_counter()

            def show(done: int) -> None:
                bar.update(task, completed=done, rate=done / (perf_counter() - begin))

            return warm(collection, model, cache, show)


def show_warmed(report: "WarmReport", settings: Settings) -> None:
    stdout().print(
        f"{report.read:,} pictures read into the picture cache, {report.known:,} there already, in "
        f"{report.seconds:.1f} s; it takes {report.disk_bytes / _MB:,.1f} of {settings.picture_cache_disk_mb:,} MB",
        markup=False,
    )


def warn_if_full(report: "WarmReport", settings: Settings) -> None:
    if report.room_for == 0:  # so nothing is known of how much they take
        warn(
            [
                "the picture cache has no room for a single picture: picture_cache_disk_mb = "
                f"{settings.picture_cache_disk_mb:,} is too small"
            ]
        )
    elif report.room_for is not None:
        needed = settings.picture_cache_disk_mb * report.pictures / report.room_for
        warn(
            [
                f"the picture cache is full with {report.room_for:,} of {report.pictures:,} pictures; "
                f"picture_cache_disk_mb = {needed * 1.05:,.0f} would hold all of them"
            ]
        )
