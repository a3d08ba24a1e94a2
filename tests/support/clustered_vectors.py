"""Unit vectors shaped like an encoder's: in clusters, longer in some directions than in others, and off the origin."""

import numpy as np

from indexer.protocols import Vectors


def clustered_vectors(count: int, dimension: int = 32, seed: int = 0, clusters: int = 50) -> Vectors:
    """(count, dimension). Calls that differ in `count` alone draw from one distribution."""
    rng = np.random.default_rng(seed)
    spread = np.arange(1, dimension + 1) ** -0.6
    centres = rng.standard_normal((clusters, dimension)) * spread
    rotation, _ = np.linalg.qr(rng.standard_normal((dimension, dimension)))
    offset = rng.standard_normal(dimension) * 0.3
    rows = centres[rng.integers(0, clusters, count)] + 0.75 * rng.standard_normal((count, dimension)) * spread
    rows = rows @ rotation + offset
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
