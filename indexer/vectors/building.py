"""How codes are made for given vectors: trained on some, filled with all, examined with others, and made again in more
bytes until they find what is wanted. Knows nothing of files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import faiss
import numpy as np

from indexer.protocols import Keys, Vectors
from indexer.vectors.codes import Codes, FlatCodes, RefinedCodes
from indexer.vectors.measuring import DEPTH, Examination, Read, Recall, Search

_CHUNK: Final = 8_192  # vectors read at a time
_SAMPLE: Final = 50_000  # vectors to train on
_QUERIES: Final = 400
_FEWEST: Final = 2_000  # below, there is nothing to gain, and not enough to train on
_MOST: Final = 256  # the greatest k_factor that is tried
_SEED: Final = 5

Reached = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Built:
    """recall: measured with this k_factor."""

    codes: Codes
    recall: float
    k_factor: int


def build(keys: Keys, read: Read, dimension: int, target: float, trained: Codes | None, reached: Reached) -> Built:
    """Codes with a row for each of `keys` (n,), ascending, whose recall@100 is at least `target`.

    read: the vectors (m, d) of some of the keys, ascending. trained: codes whose quantisers are used again if they are
    good enough. reached: is told the share that is done, and may raise to stop.
    """
    chunks = _Chunks(keys, read)
    if len(keys) < _FEWEST:
        return _flat(chunks, dimension, reached)
    order = np.random.default_rng(_SEED).permutation(len(keys))
    queries = np.sort(keys[order[:_QUERIES]])
    examination = Examination(queries, chunks.gathered(queries))
    sample = np.sort(keys[order[_QUERIES:][:_SAMPLE]])
    begun, filled = 0.0, False
    for make in _ladder(lambda: chunks.gathered(sample), dimension, trained):
        rest = 1 - begun
        codes = make()
        for some, vectors, share in chunks:
            codes.add(vectors)
            if not filled:
                examination.pass_by(some, vectors)
            reached(begun + rest * (0.1 + 0.5 * share))
        filled = True
        tuned = _tuned(codes, keys, examination, read, target)
        if tuned is not None:
            reached(1.0)
            return tuned
        begun += rest * 0.7
        del codes  # before there are others
    return _flat(chunks, dimension, lambda share: reached(begun + (1 - begun) * share))


class _Chunks:
    """Keys and vectors, some thousand at a time, with the share that has been read."""

    def __init__(self, keys: Keys, read: Read) -> None:
        self._keys, self._read = keys, read

    def __iter__(self) -> Iterator[tuple[Keys, Vectors, float]]:
        for start in range(0, len(self._keys), _CHUNK):
            some = self._keys[start : start + _CHUNK]
            yield some, self._read(some), (start + len(some)) / len(self._keys)

    def gathered(self, keys: Keys) -> Vectors:
        return np.concatenate([vectors for _, vectors, _ in _Chunks(keys, self._read)])


def _ladder(
    sample: Callable[[], Vectors], dimension: int, trained: Codes | None
) -> Iterator[Callable[[], RefinedCodes]]:
    """Ways to make empty codes, the smallest first."""
    if isinstance(trained, RefinedCodes) and trained.dimension == dimension:
        yield trained.emptied
    yield lambda: RefinedCodes.trained(sample(), "SQ8")
    yield lambda: RefinedCodes.trained(sample(), "SQfp16")


def _flat(chunks: _Chunks, dimension: int, reached: Reached) -> Built:
    codes = FlatCodes(faiss.IndexFlatIP(dimension))
    for _, vectors, share in chunks:
        codes.add(vectors)
        reached(share)
    return Built(codes, 1.0, 1)


def _tuned(codes: RefinedCodes, keys: Keys, examination: Examination, read: Read, target: float) -> Built | None:
    """With half as much again as the smallest k_factor that reaches the target; None where none does.

    On a million vectors that takes a quarter off the faults and adds less than a tenth to the time: room for queries
    that are unlike those it was examined with.
    """

    def examined(k_factor: int) -> Recall:
        return examination.recall(_searching(codes, keys, k_factor), read)

    below, k_factor = 0, 1
    while not examined(k_factor).reaches(target):
        if k_factor >= _MOST or codes.scans_all(DEPTH, k_factor):
            return None
        below, k_factor = k_factor, 2 * k_factor
    while k_factor - below > max(1, k_factor // 16):
        between = (below + k_factor) // 2
        if examined(between).reaches(target):
            k_factor = between
        else:
            below = between
    k_factor += k_factor // 2
    return Built(codes, examined(k_factor).mean, k_factor)


def _searching(codes: Codes, keys: Keys, k_factor: int) -> Search:
    def search(vectors: Vectors, k: int) -> tuple[Keys, Vectors]:
        rows, scores = codes.search(vectors, k, k_factor)
        return keys[rows], scores

    return search
