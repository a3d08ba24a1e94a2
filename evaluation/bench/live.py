"""`lychee bench live`: what searches of one process wait while another one writes into the collection. Knows no
terminal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from content import Content
from evaluation.bench.given_vectors import GivenVectors
from evaluation.bench.synthetic import ClipLike
from evaluation.pages.grid import Grid
from indexer.collection import Collection
from indexer.encoded import EncodedItem
from retriever.retriever import QueryVectors, Retriever

_BATCH: Final = 100
_MADE_AT_ONCE: Final = 1000
_WARM_UP: Final = 20
_WORDS: Final = (
    "red", "striped", "mug", "blue", "bag", "green", "bottle", "glass", "lamp", "round", "clock", "wooden", "chair",
    "红色", "杯子", "书包", "台灯",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Live:
    """vectors: what the items have, and more to come. items: that are there when it begins. upserts: that the other
    process writes, in batches of 100; after each it deletes ten of the batch before. searches: while nobody writes."""

    vectors: ClipLike
    items: int
    upserts: int
    searches: int


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """Milliseconds of each search, while nobody wrote and while the other process did; seconds that its writing took.
    stale: hits that had been deleted before the search began. lost: searches that did not find the newest item."""

    idle: tuple[float, ...]
    busy: tuple[float, ...]
    writing_s: float
    stale: int
    lost: int

    @property
    def p95_ratio(self) -> float:
        return float(np.percentile(self.busy, 95) / np.percentile(self.idle, 95))


def measure_live(live: Live, say: Callable[[str], None]) -> LiveFigures:
    """In a temporary folder."""
    encoder = GivenVectors(live.vectors.dimension)
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "live"
        with Collection.create(folder, encoder) as collection:
            for start in range(0, live.items, _MADE_AT_ONCE):
                say(f"Making items {start:,} of {live.items:,}")
                collection.upsert(_items(live.vectors, start, min(start + _MADE_AT_ONCE, live.items)))
            collection.save()
        with Collection.open(folder, encoder) as collection:
            search = _Searches(Retriever(collection, encoder), live)
            for _ in range(_WARM_UP):
                search.once()
            say("Searching while nobody writes")
            idle = [search.once() for _ in range(live.searches)]
            say("Searching while another process writes")
            with _writer(folder, live) as news:
                return _while_writing(search, news, idle)


def _while_writing(search: "_Searches", news: Connection, idle: list[float]) -> LiveFigures:
    begin, busy, stale, lost = time.perf_counter(), [], 0, 0
    deleted: set[str] = set()
    newest: int | None = None
    writing = True
    while writing:
        while news.poll():
            told = news.recv()
            if told is None:
                writing = False
                break
            newest, gone = told
            deleted |= gone
        busy.append(search.once())
        stale += len(deleted & search.last_ids)
        if newest is not None:
            lost += not search.finds(newest)
    return LiveFigures(tuple(idle), tuple(busy), time.perf_counter() - begin, stale, lost)


class _Searches:
    """Text queries with a vector of their own, in pictures and words."""

    def __init__(self, retriever: Retriever, live: Live) -> None:
        self._retriever = retriever
        self._queries = live.vectors.queries(256)
        self._first_new = live.items
        self._new = live.vectors.rows(live.items, live.items + live.upserts)
        self._count = 0
        self.last_ids: frozenset[str] = frozenset()

    def once(self) -> float:
        """Milliseconds."""
        place = self._count % len(self._queries)
        self._count += 1
        query = Content(text=_title(7 * self._count))
        begin = time.perf_counter()
        found = self._retriever.recall(query, QueryVectors(text=self._queries[place : place + 1]))
        took = time.perf_counter() - begin
        self.last_ids = frozenset(candidate.id for candidate in found)
        return 1000 * took

    def finds(self, number: int) -> bool:
        vector = self._new[number - self._first_new][np.newaxis]
        found = self._retriever.recall(Content(text=_model(number)), QueryVectors(text=vector), candidates=10)
        return f"item-{number}" in {candidate.id for candidate in found}


@contextmanager
def _writer(folder: Path, live: Live) -> Iterator[Connection]:
    """Another process, which has begun to write; it sends (the newest number, ids that are gone), and None at last."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_write, args=(folder, live, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        ours.recv()
        yield ours
    finally:
        process.kill()
        process.join()


def _write(folder: Path, live: Live, news: Connection) -> None:
    with Collection.open(folder, GivenVectors(live.vectors.dimension)) as collection:
        items = _items(live.vectors, live.items, live.items + live.upserts)  # drawing them is no part of writing them
        news.send("ready")
        for start in range(live.items, live.items + live.upserts, _BATCH):
            stop = min(start + _BATCH, live.items + live.upserts)
            collection.upsert(items[start - live.items : stop - live.items])
            gone = {f"item-{number}" for number in range(start - _BATCH, start - _BATCH + 10)}
            collection.delete(sorted(gone))
            news.send((stop - 1, gone))
        news.send(None)


def _items(vectors: ClipLike, start: int, stop: int) -> list[EncodedItem]:
    rows = vectors.rows(start, stop)
    return [
        EncodedItem(
            f"item-{number}", None, None, b"", {"image": rows[number - start][np.newaxis]},
            {"title": _title(number), "model": _model(number), "price": number % 1000},
        )
        for number in range(start, stop)
    ]  # fmt: skip


def _title(number: int) -> str:
    return " ".join(_WORDS[(number * step + step) % len(_WORDS)] for step in (1, 3, 5, 7))


def _model(number: int) -> str:
    return f"XJ-{number:07d}"


def live_grid(live: Live, found: LiveFigures) -> Grid:
    rows = [
        (name, f"{len(took):,}", *(f"{np.percentile(took, share):.1f}" for share in (50, 95, 99)))
        for name, took in (("nobody", found.idle), ("another process", found.busy))
    ]
    rate = live.upserts / found.writing_s
    return Grid(
        f"Searching {live.items:,} items while another process upserts {live.upserts:,}",
        f"milliseconds of stage 1 after encoding, 100 candidates of pictures and words; {rate:,.0f} items a second "
        f"were written; p95 is {found.p95_ratio:.2f} x the idle one; {found.stale} hits were deleted ones, and "
        f"{found.lost} searches missed the newest item",
        ("who writes", "searches", "p50", "p95", "p99"),
        tuple(rows),
        1,
    )
