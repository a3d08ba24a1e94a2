"""Builds or renews a collection from a source: reading, encoding and writing side by side, in bounded memory. Knows
nothing of kinds of sources, and shows nothing: progress goes to a callback."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Final

from content.limits import DEFAULT_LIMITS, ImageLimits
from indexer.collection import Collection
from indexer.ingest import Ingest, Prepared
from indexer.ocr.reader import TextReader
from indexer.pictures import PictureReader
from indexer.protocols import Encoder
from indexer.reading import Read, read_entries
from indexer.record import Refusal, Source

_REPORT_EVERY_S: Final = 0.1
# Bounds for large batches of large pictures: a million pixels in memory are 3 MB.
_MOST_PIXELS: Final = 256_000_000
_MOST_AHEAD: Final = 256
# Reading text takes up to a second a picture: no more of that is to be lost, or to go unreported, than this.
_READ_TOGETHER: Final = 16


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is. done = indexed + unchanged + refused, of `total` where the source knows it.

    seconds: since the start. rate: entries a second, unchanged ones included. texts_found: as in `BuildReport`.
    """

    done: int
    total: int | None
    indexed: int
    unchanged: int
    refused: int
    seconds: float
    texts_found: int | None = None

    @property
    def rate(self) -> float:
        return self.done / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. indexed: items written. unchanged: items passed over because they are stored as they are.

    texts_found: pictures of those indexed in which text stands; None where nobody looked. unread: pictures whose text
    could not be read; a later build that reads tries them again.
    """

    indexed: int
    unchanged: int
    refused: tuple[Refusal, ...]
    seconds: float
    texts_found: int | None = None
    unread: int = 0


def build(
    collection: Collection,
    encoder: Encoder,
    source: Source,
    *,
    batch_size: int = 64,
    workers: int | None = None,
    limits: ImageLimits = DEFAULT_LIMITS,
    reader: TextReader | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    halt: Callable[[], bool] = lambda: False,
) -> BuildReport:
    """Indexes all of `source` that is new or changed, by `Record.digest`; items that the source lacks stay.

    batch_size: items that are encoded and written together: what is written is on disk, and a build that was
        interrupted, however brutally, goes on behind its last batch.
    workers: threads that read and decode; None takes one for each processor, 2 to 16.
    limits: what a picture may measure.
    reader: reads the text in pictures, also of unchanged items at whose pictures nobody has looked yet; then batches
        are of 16 items at most. None reads none, and leaves what was read of unchanged items.
    on_progress: called on this thread, a few times a second and at the end.
    halt: asked on this thread for each entry; where it says so, nothing more is taken in, what has been is written, and
        the report is of that.

    Three batches are in memory at most: one that is read ahead, one in the encoder, one being written; a picture waits
    there with at most a million pixels, and 256 million pixels close a batch before it is full. Bad entries are
    refused one by one. Raises CollectionError when the disk or another writer stops it, ModelError when the encoder
    fails; what was written stays.
    """
    tally = _Tally(source.count(), on_progress, reads=reader is not None)
    ingest = Ingest(collection, encoder, PictureReader(limits), reader)
    digests = collection.digests
    if reader is not None:
        digests, batch_size = partial(collection.digests, read=True), min(batch_size, _READ_TOGETHER)
    threads = workers or min(16, max(2, os.cpu_count() or 2))
    window = max(threads, min(batch_size, _MOST_AHEAD))
    reading = read_entries(source.entries(), digests, ingest.prepare, threads=threads, window=window)
    with ThreadPoolExecutor(1, "write") as writer, closing(reading):
        written: Future[None] | None = None
        for batch in _batches(tally.counted(_until(halt, reading)), batch_size):
            items = ingest.encode(batch)
            if written is not None:
                written.result()
            written = writer.submit(collection.upsert, items)
            tally.count(batch)
        if written is not None:
            written.result()
        collection.save()
    tally.report()
    return tally.outcome()


class _Tally:
    """Counts what goes by, and reports it a few times a second."""

    def __init__(self, total: int | None, on_progress: Callable[[Progress], None] | None, *, reads: bool) -> None:
        self.indexed = 0
        self.unchanged = 0
        self.refused: list[Refusal] = []
        self.texts_found = 0 if reads else None
        self.unread = 0
        self._total = total
        self._on_progress = on_progress
        self._started = time.perf_counter()
        self._reported = self._started
        self._ids: set[str] = set()

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._started

    def counted(self, outcomes: Iterable[Read | Refusal]) -> Iterator[Prepared]:
        """Those that are to be encoded. Of two entries with one id the second is refused: it would replace the first
        in every build anew."""
        for outcome in outcomes:
            if isinstance(outcome, Refusal):
                self.refused.append(outcome)
            elif outcome.id in self._ids:
                self.refused.append(Refusal(outcome.origin, f"an earlier entry has the same id {outcome.id!r}"))
            else:
                self._ids.add(outcome.id)
                if outcome.prepared is not None:
                    yield outcome.prepared
                else:
                    self.unchanged += 1
            if time.perf_counter() - self._reported >= _REPORT_EVERY_S:
                self.report()

    def count(self, batch: Sequence[Prepared]) -> None:
        """A batch that was encoded."""
        self.indexed += len(batch)
        if self.texts_found is not None:
            self.texts_found += sum(bool(one.ocr) for one in batch)
            self.unread += sum(one.image is not None and one.ocr is None for one in batch)

    def outcome(self) -> BuildReport:
        return BuildReport(
            self.indexed, self.unchanged, tuple(self.refused), self.seconds, self.texts_found, self.unread
        )

    def report(self) -> None:
        self._reported = time.perf_counter()
        if self._on_progress is not None:
            done = self.indexed + self.unchanged + len(self.refused)
            self._on_progress(
                Progress(
                    done, self._total, self.indexed, self.unchanged, len(self.refused), self.seconds, self.texts_found
                )
            )


def _until(halt: Callable[[], bool], outcomes: Iterable[Read | Refusal]) -> Iterator[Read | Refusal]:
    for outcome in outcomes:
        if halt():
            return
        yield outcome


def _batches(prepared: Iterator[Prepared], size: int) -> Iterator[list[Prepared]]:
    batch: list[Prepared] = []
    pixels = 0
    for one in prepared:
        batch.append(one)
        pixels += one.image.width * one.image.height if one.image is not None else 0
        if len(batch) == size or pixels >= _MOST_PIXELS:
            yield batch
            batch, pixels = [], 0
    if batch:
        yield batch
