"""Reads documents on threads, ahead of whoever takes them, but never far ahead. Knows nothing of how they are read."""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from content import Content, Document
from search.patience import Patience

READERS: Final = 4
AHEAD: Final = 16  # documents
AHEAD_PIXELS: Final = 32_000_000  # of their pictures, 100 MB; but always as many documents as there are readers

Key = TypeVar("Key")


def read_ahead(
    keys: Sequence[Key], read: Callable[[Sequence[Key]], Sequence[Document]], patience: Patience
) -> Generator[Document]:
    """The documents of the keys, in order. Close the generator to stop its threads early: each ends what it reads.

    read: the documents of some keys; asked for one at a time, on any thread. Raises what it raises, and as
    `Patience.check` does.
    """
    ahead: deque[Future[Sequence[Document]]] = deque()
    most, largest = READERS, 0
    pool = ThreadPoolExecutor(READERS, thread_name_prefix="read")
    try:
        for key in keys:
            ahead.append(pool.submit(read, [key]))
            while len(ahead) > most:
                documents = patience.wait(ahead.popleft())
                # What comes is taken to be as large as the largest so far.
                largest = max(largest, *map(_pixels, documents))
                most = max(READERS, min(AHEAD, AHEAD_PIXELS // max(1, largest)))
                yield from documents
                del documents  # or it would still be held while the next one is waited for
        while ahead:
            yield from patience.wait(ahead.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _pixels(document: Document) -> int:
    image = document.image if isinstance(document, Content) else None
    return 0 if image is None else image.width * image.height
