"""Builds and opens each index of `lychee bench recall` in a process of its own, and says what that takes. Knows no
queries' answers."""

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from evaluation.bench.peak import Peak, in_child, resident_peak
from evaluation.bench.recall_pool import Pool
from evaluation.bench.recall_sides import Ask, SideName, built, opened, use_threads
from indexer.files import replaced
from indexer.protocols import Vectors


@dataclass(frozen=True, slots=True)
class Cost:
    """What an index, or a collection, takes to be had.

    build_s: seconds of training and adding, without writing the file. earlier: whether a run before this one built it.
    file_bytes: on disk. peak: resident memory of a fresh process that opens it and searches. open_s: seconds, the file
    in the page cache; cold_open_s: the same when it is not; None where the system cannot be asked to forget it.
    """

    name: str
    build_s: float
    earlier: bool
    file_bytes: int
    peak: Peak
    open_s: float
    cold_open_s: float | None


@dataclass(frozen=True, slots=True)
class Opening:
    """See `Cost`."""

    peak: Peak
    seconds: float
    cold_seconds: float | None


def index_path(side: SideName, pool: Pool) -> Path:
    return pool.folder / f"{side}.index"


def index_cost(side: SideName, pool: Pool, threads: int, queries: Vectors, k: int) -> Cost:
    """Builds the index on so many threads, unless that is done; the file stays. queries (q, d): to search with."""
    path = index_path(side, pool)
    build_s, earlier = recorded(path, partial(in_child, _build, side, pool, path, threads))
    found = in_child(_open, side, path, queries, k)
    return Cost(side, build_s, earlier, path.stat().st_size, found.peak, found.seconds, found.cold_seconds)


def recorded(path: Path, make: Callable[[], float]) -> tuple[float, bool]:
    """What `make` gave when it made `path`, and whether that was in an earlier run; it is asked unless it was."""
    record = path.with_name(f"{path.name}.json")
    if path.exists() and record.is_file():
        return float(json.loads(record.read_text())), True
    seconds = make()
    with replaced(record) as temporary:
        temporary.write_text(json.dumps(seconds))
    return seconds, False


def _build(side: SideName, pool: Pool, path: Path, threads: int) -> float:
    use_threads(threads)
    begin = time.perf_counter()
    write = built(side, pool)
    seconds = time.perf_counter() - begin
    write(path)
    return seconds


def _open(side: SideName, path: Path, queries: Vectors, k: int) -> Opening:
    return measured_opening(lambda: opened(side, path)[-1].ask, [path], queries, k)


def measured_opening(open_it: Callable[[], Ask], files: Sequence[Path], queries: Vectors, k: int) -> Opening:
    """In this process, which should not have done anything before: opens twice, the first time from the disk alone, and
    asks in between. files: what is read."""
    use_threads(1)
    before, cold = resident_peak(), _forgotten(files)
    ask, first_s = _timed(open_it)
    for query in queries:
        ask(query[np.newaxis], k)
    peak = Peak(before, resident_peak())
    del ask
    _, seconds = _timed(open_it)
    return Opening(peak, seconds, first_s if cold else None)


def _timed(open_it: Callable[[], Ask]) -> tuple[Ask, float]:
    begin = time.perf_counter()
    ask = open_it()
    return ask, time.perf_counter() - begin


def _forgotten(files: Sequence[Path]) -> bool:
    """Has the system drop the files from its page cache; whether that can be asked of it."""
    if not hasattr(os, "posix_fadvise"):
        return False
    for path in files:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)
    return True
