"""Stage 2 over many documents with few of them in memory at once. Knows nothing of collections or of cut-offs."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from content import Content, Document
from reranker.protocol import Judgement, Reranker
from search.worker import DeviceWorker

CHUNK = 32  # documents read, decoded and judged at a time; other callers get the device in between

Key = TypeVar("Key")


def judge(
    worker: DeviceWorker,
    reranker: Reranker,
    instruction: str,
    query: Content,
    keys: Sequence[Key],
    read: Callable[[Sequence[Key]], Sequence[Document]],
) -> list[Judgement]:
    """One judgement per key, in order.

    read: the documents of some keys; called on the calling thread, chunk by chunk.
    """
    judgements: list[Judgement] = []
    for start in range(0, len(keys), CHUNK):
        # Under no name of ours: the documents of one chunk would still be held while the next are decoded.
        judgements += worker.run(partial(reranker.score, instruction, query, read(keys[start : start + CHUNK])))
    return judgements
