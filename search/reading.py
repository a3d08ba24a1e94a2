"""Reads documents on threads, ahead of whoever takes them, but never far ahead. Knows nothing of how they are read."""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from content import Content, Document
from indexer.pictures import MOST_PIXELS
from search.picture_room import Guest

READERS: Final = 4
AHEAD: Final = 16  # documents
AHEAD_PIXELS: Final = 32_000_000  # of their pictures, 100 MB; but always as many documents as there are readers

Key = TypeVar("Key")


def read_ahead(
    keys: Sequence[Key],
    read: Callable[[Sequence[Key]], Sequence[Document]],
    guest: Guest,
    may_have_picture: Callable[[Key], bool] = lambda key: True,
) -> Generator[Document]:
    """The documents of the keys, in order. Close the generator to stop its threads early: each ends what it reads.

    read: the documents of some keys; asked for one at a time, on any thread. guest: takes room for the picture of each
    key that may have one, by its place, before it is read; who uses the documents lets go of it. Raises what `read`
    raises, and as `Patience.check` does.
    """
    ahead: deque[tuple[int, Future[Sequence[Document]]]] = deque()
    most, largest = READERS, 0
    pool = ThreadPoolExecutor(READERS, thread_name_prefix="read")

    def documents() -> Sequence[Document]:
        nonlocal most, largest
        place, future = ahead.popleft()
        found = guest.patience.wait(future)
        pixels = sum(map(_pixels, found))
        guest.settle(place, pixels)
        # What comes is taken to be as large as the largest so far.
        largest = max(largest, pixels)
        most = max(READERS, min(AHEAD, AHEAD_PIXELS // max(1, largest)))
        return found

    try:
        for place, key in enumerate(keys):
            if may_have_picture(key):
                # What is there is rather used than held while room is waited for.
                while not (taken := guest.try_take(place, MOST_PIXELS)) and ahead:
                    yield from documents()
                if not taken:
                    guest.take(place, MOST_PIXELS)
            ahead.append((place, pool.submit(read, [key])))
            while len(ahead) > most:
                yield from documents()
        while ahead:
            yield from documents()
    finally:
        pool.shutdown(cancel_futures=True)


def _pixels(document: Document) -> int:
    image = document.image if isinstance(document, Content) else None
    return 0 if image is None else image.width * image.height
