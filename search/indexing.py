"""Indexing in a running server: a source becomes items while searches are answered in turn. Knows no kinds of sources
and shows nothing."""

import os
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Final

from content.errors import LycheeError, NotFound
from content.limits import ImageLimits
from content.stored import MAX_PIXELS
from indexer.build import BuildReport, Progress, build
from indexer.ocr import TextReader
from indexer.protocols import Encoder
from indexer.record import Source
from search.library import Library
from search.patience import Patience
from search.picture_room import PictureRoom
from search.shared_encoder import SharedEncoder
from search.worker import DeviceWorker

# Few, for a search that comes meanwhile waits for one batch at the device; and what a build holds are three of them.
_BATCH: Final = 16
_HELD: Final = 3 * _BATCH * MAX_PIXELS


@dataclass(frozen=True, slots=True)
class Indexed:
    """What came of it. items: how many the collection has now. created: whether it was made for this, and is there.

    stopped: whether it was called off; what the report says is there all the same.
    """

    report: BuildReport
    items: int
    created: bool
    stopped: bool


def index(
    library: Library,
    worker: DeviceWorker,
    encoder: Encoder,
    name: str,
    source: Source,
    *,
    limits: ImageLimits,
    batch_size: int,
    patience: Patience,
    reader: TextReader | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Indexed:
    """As `Service.index`. batch_size: the most items that are encoded together."""
    # Its own patience: the batch that runs when somebody calls it off is still stored. A closed worker ends it at once.
    with worker.lane() as lane, _Seat(worker.pictures, lane.patience) as seat:
        created = library.create(name)
        try:
            collection = library.open(name)

            def told(progress: Progress) -> None:
                seat.give_way()
                on_progress(progress)

            report = build(
                collection,
                SharedEncoder(encoder, lane, min(batch_size, _BATCH)),
                source,
                batch_size=min(batch_size, _BATCH),
                workers=min(8, max(1, (os.cpu_count() or 2) // 2)),
                limits=limits,
                reader=reader,
                on_progress=told,
                halt=lambda: _is_over(patience),
            )
            items = len(collection)
        finally:
            if created:
                _drop_if_empty(library, name)
    return Indexed(report, items, created and bool(items), _is_over(patience))


def _drop_if_empty(library: Library, name: str) -> None:
    with suppress(NotFound):  # somebody else dropped it meanwhile
        if not len(library.open(name)):
            library.drop(name)


class _Seat:
    """The room that a build takes for its pictures: given up and asked for anew a few times a second, so that those who
    came meanwhile, and need more than is left beside it, go first."""

    def __init__(self, room: PictureRoom, patience: Patience) -> None:
        self._room = room
        self._patience = patience
        self._taken = ExitStack()

    def __enter__(self) -> "_Seat":
        self.give_way()
        return self

    def __exit__(self, *_: object) -> None:
        self._taken.close()

    def give_way(self) -> None:
        self._taken.close()
        self._taken.enter_context(self._room.guest(self._patience)).take(0, _HELD)


def _is_over(patience: Patience) -> bool:
    try:
        patience.check()
    except LycheeError:
        return True
    return False
