"""How soon an update is found: in the process that wrote it, and in another one that has the collection open. Knows no
other index."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Final

import numpy as np

from content.errors import CollectionError
from evaluation.bench.recall_catalogue import Catalogue
from evaluation.bench.recall_pool import Pool, item_id
from evaluation.bench.recall_sides import use_threads
from indexer.protocols import Vectors

ITEMS: Final = 1000
_CHECKED: Final = 5  # every fifth of them
_SAME: Final = 0.999  # codes are a little off
_PATIENCE_S: Final = 120.0


@dataclass(frozen=True, slots=True)
class Update:
    """Seconds since 1,000 items were handed over: until they were acknowledged, found by a search here, and by a search
    of another process, which may see them a little before they are acknowledged. checked: of how many both vectors were
    searched for. lost: whose new one did not find them. stale: whose old one did."""

    stored_s: float
    here_s: float
    there_s: float
    checked: int
    lost: int
    stale: int


def updates(catalogue: Catalogue, pool: Pool, rounds: int) -> list[Update]:
    """Each round gives other items new vectors. `restore` undoes it."""
    with _reader(pool) as reader:
        return [_update(catalogue, pool, reader, number) for number in range(rounds)]


def restore(catalogue: Catalogue, pool: Pool, rounds: int) -> None:
    """Gives the items that so many rounds changed what they had."""
    vectors = pool.vectors()
    for start, stop in (_changed(pool, number) for number in range(rounds)):
        catalogue.collection.upsert(pool.items(start, stop, np.asarray(vectors[start:stop])))


def _update(catalogue: Catalogue, pool: Pool, reader: Connection, number: int) -> Update:
    start, stop = _changed(pool, number)
    old = np.asarray(pool.vectors()[start:stop])
    new = pool.source.rows(pool.size + start, pool.size + stop)
    items = pool.items(start, stop, new)
    reader.send((stop - 1, new[-1]))
    begin = time.perf_counter()
    catalogue.collection.upsert(items)
    stored = time.perf_counter()
    if not _finds(catalogue, stop - 1, new[-1]):
        raise CollectionError(f"{item_id(stop - 1)} was stored, and the next search does not find it")
    here = time.perf_counter()
    if not reader.poll(_PATIENCE_S):
        raise CollectionError(f"{item_id(stop - 1)} was stored, and another process did not find it")
    there = reader.recv()  # the clock is the machine's, not the process's
    checked = range(start, stop, _CHECKED)
    lost = sum(not _finds(catalogue, row, new[row - start]) for row in checked)
    stale = sum(_finds(catalogue, row, old[row - start]) for row in checked)
    return Update(stored - begin, here - begin, there - begin, len(checked), lost, stale)


def _changed(pool: Pool, number: int) -> tuple[int, int]:
    """The rows that a round changes: [start, stop)."""
    start = number * ITEMS % pool.size
    return start, min(start + ITEMS, pool.size)


@contextmanager
def _reader(pool: Pool) -> Iterator[Connection]:
    """Another process that has the collection open. It is sent (row, vector) and answers with the time at which the
    vector found the row."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_read, args=(pool, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        ours.recv()
        yield ours
    finally:
        ours.close()
        process.join(_PATIENCE_S)
        process.kill()


def _read(pool: Pool, told: Connection) -> None:
    use_threads(1)
    with Catalogue.open(pool) as catalogue:
        catalogue.ask(pool.source.queries(1), 1)
        told.send("ready")
        while True:
            try:
                row, vector = told.recv()
            except EOFError:
                return
            while not _finds(catalogue, row, vector):
                pass
            told.send(time.perf_counter())


def _finds(catalogue: Catalogue, row: int, vector: Vectors) -> bool:
    """Whether the vector (d,) finds the row as one that has just this vector."""
    found, cosine = catalogue.best(vector[np.newaxis])
    return found == row and cosine > _SAME
