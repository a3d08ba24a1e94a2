"""Reads documents on threads, ahead of whoever takes them, but never far ahead. Knows nothing of how they are read."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from content import Content, Document
from search.patience import Patience

READERS: Final = 4
AHEAD: Final = 16  # documents
AHEAD_PIXELS: Final = 32_000_000  # of their pictures, 100 MB; beyond it only as many documents as there are readers

Key = TypeVar("Key")


def read_ahead(
    keys: Sequence[Key], read: Callable[[Sequence[Key]], Sequence[Document]], patience: Patience
) -> Generator[Document]:
    """The documents of the keys, in order. Close the generator to stop its threads early: each ends what it reads.

    read: the documents of some keys; asked for one at a time, on any thread. Raises what it raises, and as
    `Patience.check` does.
    """
    ahead: deque[Future[Sequence[Document]]] = deque()
    pool = ThreadPoolExecutor(READERS, thread_name_prefix="read")
    try:
        for key in keys:
            ahead.append(pool.submit(read, [key]))
            while len(ahead) > AHEAD or (len(ahead) > READERS and _pixels(ahead) > AHEAD_PIXELS):
                yield from patience.wait(ahead.popleft())
        while ahead:
            yield from patience.wait(ahead.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _pixels(ahead: Iterable[Future[Sequence[Document]]]) -> int:
    """Of the pictures that were read and wait to be taken."""
    read = (future.result() for future in ahead if future.done() and future.exception() is None)
    images = (document.image for documents in read for document in documents if isinstance(document, Content))
    return sum(image.width * image.height for image in images if image is not None)
