"""Reads documents on threads, ahead of whoever takes them, but never far ahead. Knows nothing of how they are read."""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from content import Document
from search.patience import Patience

READERS: Final = 4
GROUP: Final = 4  # documents read by one thread at a time
GROUPS_AHEAD: Final = 8

Key = TypeVar("Key")


def read_ahead(
    keys: Sequence[Key], read: Callable[[Sequence[Key]], Sequence[Document]], patience: Patience
) -> Generator[Document]:
    """The documents of the keys, in order. Close the generator to stop its threads early: each ends what it reads.

    read: the documents of some keys, on any thread. Raises what it raises, and as `Patience.check` does.
    """
    ahead: deque[Future[Sequence[Document]]] = deque()
    pool = ThreadPoolExecutor(READERS, thread_name_prefix="read")
    try:
        for start in range(0, len(keys), GROUP):
            ahead.append(pool.submit(read, keys[start : start + GROUP]))
            if len(ahead) > GROUPS_AHEAD:
                yield from patience.wait(ahead.popleft())
        while ahead:
            yield from patience.wait(ahead.popleft())
    finally:
        pool.shutdown(cancel_futures=True)
