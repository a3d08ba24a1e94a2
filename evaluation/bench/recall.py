"""`lychee bench recall`: what this project's index and its whole collection find, and what that takes, beside FAISS
used directly. Knows no terminal."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from content.errors import InvalidInput
from evaluation.bench.peak import in_child
from evaluation.bench.recall_catalogue import (
    Catalogue,
    Filling,
    bare_index,
    files_of,
    fill,
    folder_of,
)
from evaluation.bench.recall_exact import exact_top, recall
from evaluation.bench.recall_figures import Figures, FilterFigures, PointFigures, RetrieverFigures, compared
from evaluation.bench.recall_filters import Family, Narrow, families
from evaluation.bench.recall_indexes import Cost, Opening, index_cost, index_path, measured_opening, recorded
from evaluation.bench.recall_pool import Pool, Rows
from evaluation.bench.recall_sides import FLAT, Point, SideName, opened, use_threads
from evaluation.bench.recall_speed import DEPTH, Search, by_turns, timed
from evaluation.bench.recall_updates import restore, updates
from indexer.filters import parse_filter
from indexer.protocols import Vectors

COLLECTION: Final = "collection"
_OPENED_WITH: Final = 50  # queries, so that memory is that of an index in use
_ROOM: Final = 7  # times the vectors, on disk, with all sides
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """threads: to build with; all else runs on one. filters: of each form and share. rounds: of updates. folder: where
    all of it is made, None for a temporary one. keep: leave it there, and use what an earlier run left."""

    size: int
    dimension: int
    seed: int
    queries: int
    against: tuple[SideName, ...]
    filters: int
    rounds: int
    threads: int
    folder: Path | None
    keep: bool

    def __post_init__(self) -> None:
        if self.keep and self.folder is None:
            raise InvalidInput("--keep needs a --folder to keep things in", param="--keep")
        if self.size < DEPTH:
            raise InvalidInput(f"--size is at least {DEPTH}: recall is measured among so many", param="--size")


def measure(options: Options, say: Say) -> Figures:
    """Raises InvalidInput where the disk has not enough room."""
    with _pool(options) as pool:
        say("drawing vectors")
        pool.write()
        queries = pool.source.queries(options.queries)
        say("the exact answers")
        exact = exact_top(pool.vectors(), queries, DEPTH)
        costs = []
        for side in options.against:
            say(f"{side}: building and opening it in a process of its own")
            costs.append(index_cost(side, pool, options.threads, queries[:_OPENED_WITH], DEPTH))
        use_threads(1)
        points = [point for side in options.against for point in opened(side, index_path(side, pool))]
        say("searching by turns")
        speed = _points(points, queries, exact)
        flat = next(point for point in points if point.side == FLAT)
        del points
        filling, cost = _collection(pool, queries[:_OPENED_WITH], say)
        with Catalogue.open(pool) as catalogue:
            say("the retriever beside its index")
            retriever = _retriever(catalogue, pool, queries, exact)
            say("filters")
            filtered = tuple(_filters(catalogue, pool, flat, families(options.filters, options.seed), queries))
            say("updates")
            changed = tuple(updates(catalogue, pool, options.rounds))
            if options.keep:
                restore(catalogue, pool, options.rounds)
        return Figures(tuple(speed), (*costs, cost), filling, retriever, filtered, changed)


@contextmanager
def _pool(options: Options) -> Iterator[Pool]:
    """In a folder that is named after its measures: another run with the same ones may use it again."""
    with tempfile.TemporaryDirectory(prefix="lychee-bench-") as temporary:
        parent = Path(temporary) if options.folder is None else options.folder
        folder = parent / f"recall-{options.size}x{options.dimension}-{options.seed}"
        parent.mkdir(parents=True, exist_ok=True)
        needed = _ROOM * 4 * options.size * options.dimension
        if not folder.exists() and shutil.disk_usage(parent).free < needed:
            raise InvalidInput(
                f"this takes up to {needed / 1e9:.1f} GB; name a --folder on a disk that has as much free"
            )
        try:
            yield Pool(folder, options.size, options.dimension, options.seed)
        finally:
            if not options.keep:
                shutil.rmtree(folder, ignore_errors=True)


def _points(points: Sequence[Point], queries: Vectors, exact: Rows) -> list[PointFigures]:
    searches = by_turns([_single(point) for point in points], queries)
    flat = next(found.p50 for point, found in zip(points, searches, strict=True) if point.side == FLAT)
    return [
        PointFigures(point.label, recall(found.rows, exact), found.p50, found.p95, found.p50 / flat)
        for point, found in zip(points, searches, strict=True)
    ]


def _collection(pool: Pool, queries: Vectors, say: Say) -> tuple[Filling | None, Cost]:
    made: list[Filling] = []

    def make() -> float:
        shutil.rmtree(folder_of(pool), ignore_errors=True)  # of a run that was interrupted
        made.append(fill(pool, say))
        return made[0].seconds(pool.size)

    seconds, earlier = recorded(folder_of(pool), make)
    say("the collection: opening it in a process of its own")
    files = files_of(pool)
    size = sum(path.stat().st_size for path in files)
    found = in_child(_open_collection, pool, files, queries)
    cost = Cost(COLLECTION, seconds, earlier, size, found.peak, found.seconds, found.cold_seconds)
    return (made[0] if made else None), cost


def _open_collection(pool: Pool, files: Sequence[Path], queries: Vectors) -> Opening:
    with ExitStack() as stack:
        return measured_opening(lambda: stack.enter_context(Catalogue.open(pool)).ask, files, queries, DEPTH)


def _retriever(catalogue: Catalogue, pool: Pool, queries: Vectors, exact: Rows) -> RetrieverFigures:
    index = bare_index(pool)
    searches = (lambda vector: index.search(vector, DEPTH)[0][0], lambda vector: catalogue.ask(vector, DEPTH))
    bare, whole = by_turns(searches, queries, turn=1)
    return compared(bare, whole, exact, index.fresh)


def _filters(
    catalogue: Catalogue, pool: Pool, flat: Point, wanted: Sequence[Family], queries: Vectors
) -> Iterator[FilterFigures]:
    scan = _single(flat)
    for family in wanted:
        asked = queries[np.arange(len(family.filters)) % len(queries)]
        exact, kept = _exactly_filtered(pool, family, asked)
        rows, ms, scans = [], [], []
        for query, narrow in zip(asked, family.filters, strict=True):
            scans.append(timed(scan, query)[1])
            found, took = timed(partial(_filtered, catalogue, narrow), query)
            rows.append(found)
            ms.append(took)
        found_rows = np.stack(rows)
        yield FilterFigures(
            family.form,
            family.share,
            kept,
            recall(found_rows, exact),
            float(np.median(ms)),
            max(ms),
            float(np.median(scans)),
        )


def _filtered(catalogue: Catalogue, narrow: Narrow, vector: Vectors) -> Rows:
    return catalogue.ask(vector, DEPTH, parse_filter(narrow.json))


def _exactly_filtered(pool: Pool, family: Family, queries: Vectors) -> tuple[Rows, float]:
    """The exact answers (q, 100) to each query with its own filter, and the share of the items that filters keep."""
    columns = pool.columns()
    exact = exact_top(
        pool.vectors(),
        queries,
        DEPTH,
        lambda start, stop: np.stack([narrow.mask(columns, start, stop) for narrow in family.filters]),
    )
    return exact, float(np.mean([narrow.mask(columns, 0, pool.size).mean() for narrow in family.filters]))


def _single(point: Point) -> Search:
    return lambda vector: point.ask(vector, DEPTH)[0]
