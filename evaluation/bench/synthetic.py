"""Vectors shaped like CLIP's, as many as are wanted: what benchmarks search that have no pictures. Knows no index."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.protocols import Vectors

_CLUSTERS: Final = 4096
_ZIPF: Final = 1.3  # sizes of clusters: a few are many times larger than most
_LARGEST: Final = 200  # times the smallest
_DECAY: Final = 0.6  # the k-th direction is k^-0.6 as long as the first
_NOISE: Final = 0.75  # of a vector around its cluster's centre, in units of the centres' own spread
_CONE: Final = 0.8  # length of the mean that all share, in those units: two strangers have a cosine of about 0.3
_BLOCK: Final = 1000  # vectors drawn at a time; another number would draw others
_ROWS, _QUERIES = 1, 2


@dataclass(frozen=True, slots=True)
class ClipLike:
    """An endless sequence of float32 vectors of unit length, and queries that are not in it but drawn alike.

    Clustered, the sizes of the clusters skewed; a spectrum that decays, in directions that are no axes; and a mean of
    its own, so that all lie in a cone ("Mind the Gap", Liang et al., 2022). Equal dimension and seed give equal
    vectors, whichever of them are asked for.
    """

    dimension: int
    seed: int

    def rows(self, start: int, stop: int) -> Vectors:
        """(stop - start, d): those from number `start` on."""
        return self._drawn(_ROWS, start, stop)

    def queries(self, count: int) -> Vectors:
        """(count, d)"""
        return self._drawn(_QUERIES, 0, count)

    def _drawn(self, stream: int, start: int, stop: int) -> Vectors:
        blocks = range(start // _BLOCK, -(-stop // _BLOCK))
        drawn = [np.empty((0, self.dimension), np.float32), *(self._block(stream, number) for number in blocks)]
        return np.concatenate(drawn)[start % _BLOCK :][: stop - start]

    def _block(self, stream: int, number: int) -> Vectors:
        shape = _shape(self.dimension, self.seed)
        random = np.random.default_rng([self.seed, stream, number])
        centres = shape.centres[random.choice(_CLUSTERS, _BLOCK, p=shape.shares)]
        noise = random.standard_normal((_BLOCK, self.dimension), np.float32) * (_NOISE * shape.spectrum)
        vectors = (centres + noise) @ shape.rotation + shape.mean  # (block, d)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Shape:
    """centres (clusters, d), shares (clusters,), spectrum (d,), rotation (d, d), mean (d,)"""

    centres: Vectors
    shares: NDArray[np.float64]
    spectrum: Vectors
    rotation: Vectors
    mean: Vectors


@lru_cache(maxsize=2)
def _shape(dimension: int, seed: int) -> _Shape:
    random = np.random.default_rng([seed, 0])
    lengths = np.arange(1, dimension + 1, dtype=np.float64) ** -_DECAY
    spectrum: Vectors = (lengths / np.linalg.norm(lengths)).astype(np.float32)
    rotation, _ = np.linalg.qr(random.standard_normal((dimension, dimension)))
    mean = random.standard_normal(dimension)
    sizes = random.zipf(_ZIPF, _CLUSTERS).clip(1, _LARGEST).astype(np.float64)
    return _Shape(
        np.multiply(random.standard_normal((_CLUSTERS, dimension), np.float32), spectrum),
        sizes / sizes.sum(),
        spectrum,
        np.asarray(rotation, np.float32),
        np.asarray(mean * (_CONE / np.linalg.norm(mean)), np.float32),
    )
