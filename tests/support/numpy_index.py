"""The plain reference of a vector index: one matrix, one multiplication, one sort."""

import numpy as np

from indexer.protocols import Keys, Vectors


class NumpyIndex:
    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._keys = np.empty(0, np.int64)
        self._vectors = np.empty((0, dimension), np.float32)

    def __len__(self) -> int:
        return len(self._keys)

    def keys(self) -> Keys:
        return self._keys.copy()

    def add(self, keys: Keys, vectors: Vectors) -> None:
        if vectors.shape != (len(keys), self.dimension):
            raise ValueError("shapes")
        if len(np.unique(np.concatenate([self._keys, keys]))) < len(self._keys) + len(keys):
            raise ValueError("duplicate keys")
        self._keys = np.concatenate([self._keys, keys])
        self._vectors = np.concatenate([self._vectors, vectors])

    def remove(self, keys: Keys) -> None:
        stay = ~np.isin(self._keys, keys)
        self._keys, self._vectors = self._keys[stay], self._vectors[stay]

    def search(self, vectors: Vectors, k: int, allowed: Keys | None = None) -> tuple[Keys, Vectors]:
        inside = np.ones(len(self), bool) if allowed is None else np.isin(self._keys, allowed)
        products = vectors @ self._vectors[inside].T  # (n, inside)
        order = np.argsort(-products, axis=1, kind="stable")[:, :k]
        keys = np.full((len(vectors), k), -1, np.int64)
        scores = np.full((len(vectors), k), -np.inf, np.float32)
        keys[:, : order.shape[1]] = self._keys[inside][order]
        scores[:, : order.shape[1]] = np.take_along_axis(products, order, axis=1)
        return keys, scores
