"""The pool as a collection of this project, searched through the retriever as a server does. Knows no other index."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np

from content import Content
from evaluation.bench.given_vectors import GivenVectors
from evaluation.bench.recall_pool import Pool, Rows, row_of, spans
from indexer.channel import LiveChannel
from indexer.collection import Collection
from indexer.filters import Filter
from indexer.protocols import Vectors
from indexer.store.items import ItemStore
from indexer.vectors.live import IndexPolicy, LiveIndex
from retriever.candidate import Candidate
from retriever.retriever import QueryVectors, Retriever

BATCH: Final = 2000
_QUERY: Final = Content(text="the vector is what is searched by")
_STORE: Final = "collection.sqlite"


class Catalogue:
    """An open collection."""

    def __init__(self, collection: Collection, encoder: GivenVectors) -> None:
        self.collection = collection
        self._retriever = Retriever(collection, encoder)

    @classmethod
    @contextmanager
    def open(cls, pool: Pool) -> Iterator[Self]:
        """From disk, as `fill` left it there."""
        encoder = GivenVectors(pool.dimension)
        with Collection.open(folder_of(pool), encoder) as collection:
            yield cls(collection, encoder)

    def ask(self, vector: Vectors, k: int, wanted: Filter | None = None) -> Rows:
        """(1, d) -> rows (k,) of the pool, -1 where there are fewer: pictures by the vector alone, and not by words."""
        found = self._recall(vector, k, wanted)
        rows = np.full(k, -1, np.int64)
        rows[: len(found)] = [row_of(candidate.id) for candidate in found]
        return rows

    def best(self, vector: Vectors) -> tuple[int, float]:
        """(1, d) -> the row that is nearest, and its cosine."""
        first = self._recall(vector, 1, None)[0]
        return row_of(first.id), first.channels[0].score

    def _recall(self, vector: Vectors, k: int, wanted: Filter | None) -> list[Candidate]:
        return self._retriever.recall(
            _QUERY, QueryVectors(text=vector), "image", candidates=k, wanted=wanted, weights={"words": 0}
        )


@dataclass(frozen=True, slots=True)
class Filling:
    """items_per_s: while batches of 2,000 were upserted. settling_s: until the index was in order and on disk."""

    items_per_s: float
    settling_s: float

    def seconds(self, size: int) -> float:
        return size / self.items_per_s + self.settling_s


def folder_of(pool: Pool) -> Path:
    return pool.folder / "collection"


def fill(pool: Pool, say: Callable[[str], None]) -> Filling:
    """Makes the collection of the whole pool, as `lychee index` would: batch by batch, each durable."""
    vectors = pool.vectors()
    with Collection.create(folder_of(pool), GivenVectors(pool.dimension)) as collection:
        begin = time.perf_counter()
        for start, stop in spans(pool.size, BATCH):
            say(f"the collection: {start:,} of {pool.size:,} items")
            collection.upsert(pool.items(start, stop, np.asarray(vectors[start:stop])))
        filled = time.perf_counter()
        say("the collection: bringing its index into order")
        collection.save()
        return Filling(pool.size / (filled - begin), time.perf_counter() - filled)


def bare_index(pool: Pool) -> LiveIndex:
    """The index in the collection's folder, opened once more, without the collection around it."""
    store = ItemStore.open(folder_of(pool) / _STORE)
    try:
        return (
            LiveChannel.open(folder_of(pool), store, "image", IndexPolicy()) or LiveChannel.exact(store, "image")
        ).index
    finally:
        store.close()


def files_of(pool: Pool) -> list[Path]:
    return [path for path in folder_of(pool).rglob("*") if path.is_file()]
