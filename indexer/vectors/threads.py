"""How many threads FAISS takes. Knows nothing of what it does with them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final

import faiss

_MANY: Final = 16  # queries


@contextmanager
def one_thread() -> Iterator[None]:
    """Has FAISS use the calling thread alone; others are not touched.

    After each step its threads wait for each other, and where another process is at work that is milliseconds a step:
    training takes 30 s in place of 1, and a search 40 ms in place of 6.
    """
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def threads_for(queries: int) -> AbstractContextManager[None]:
    """One for few queries, whose searches FAISS cannot share out; all for many."""
    return nullcontext() if queries >= _MANY else one_thread()
