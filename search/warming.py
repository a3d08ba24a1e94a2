"""Shows stage 2's model all pictures of a collection before anybody searches, so that its cache has them. Knows no
terminal and no settings."""

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from PIL import Image

from content import Content
from indexer.collection import Collection
from reranker.feature_cache import FeatureCache
from search.patience import Patience
from search.picture_room import PictureRoom
from search.reading import read_ahead

_PAGE: Final = 1024  # ids


@runtime_checkable
class Seer(Protocol):
    """A reranker that can look at pictures ahead of time."""

    def see(self, images: Iterable[Image.Image]) -> Iterator[Callable[[], int]]: ...


@dataclass(frozen=True, slots=True)
class WarmReport:
    """pictures: in the collection. read: shown to the model now. known: in the cache already. room_for: how many the
    cache holds, where it was full before it had all; else None. disk_bytes: what it takes on disk."""

    pictures: int
    read: int
    known: int
    room_for: int | None
    disk_bytes: int
    seconds: float


def warm(
    collection: Collection, seer: Seer, cache: FeatureCache, on_progress: Callable[[int], None] = lambda done: None
) -> WarmReport:
    """Reads every picture that the cache does not have, and ends early when one more would push out one of them.

    cache: the one that `seer` keeps what it saw in, made for filling. on_progress: is told how many pictures are done.
    What was read stays when this is interrupted. Raises what the model raises.
    """
    begin, done = time.perf_counter(), 0
    with closing(_images(collection)) as images, ThreadPoolExecutor(1, thread_name_prefix="device") as device:
        for seen in _one_ahead(device, seer.see(images)):
            done += seen
            on_progress(done)
            cache.flush()
            if cache.is_full:
                break
    cache.flush()
    counts = cache.counts
    return WarmReport(
        pictures=collection.manifest.indexes["image"].vectors,
        read=counts.misses,
        known=counts.memory_hits + counts.disk_hits,
        room_for=counts.disk_pictures if cache.is_full else None,
        disk_bytes=counts.disk_bytes,
        seconds=time.perf_counter() - begin,
    )


def _images(collection: Collection) -> Generator[Image.Image]:
    """The pictures that can be read, decoded on threads a little ahead."""
    last: str | None = None
    while ids := collection.ids(_PAGE, after=last):
        last = ids[-1]
        with (
            PictureRoom().guest(Patience()) as guest,
            closing(read_ahead(ids, collection.documents, guest)) as documents,
        ):
            for document in documents:
                if isinstance(document, Content) and document.image is not None:
                    yield document.image


def _one_ahead(device: ThreadPoolExecutor, steps: Iterator[Callable[[], int]]) -> Iterator[int]:
    """What the steps give; each is prepared, and what the one before it gave is used, while another one runs."""
    running: Future[int] | None = None
    for step in steps:
        submitted = device.submit(step)
        if running is not None:
            yield running.result()
        running = submitted
    if running is not None:
        yield running.result()
