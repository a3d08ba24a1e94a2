"""An exact vector index by FAISS, for as many vectors as may be compared one by one. Has no file and knows nothing of
items, channels or collections."""

from typing import Final

import faiss
import numpy as np

from indexer.protocols import Keys, Vectors


class ExactIndex:
    """Exact search by inner product (`IndexFlatIP`) under int64 keys.

    Searches may run side by side; adding and removing needs the index alone, which the caller sees to.
    """

    kind: Final = "Flat"
    recall: Final = 1.0

    def __init__(self, dimension: int) -> None:
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._highest = -1

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def keys(self) -> Keys:
        """All keys (n,), in no particular order."""
        return np.asarray(faiss.vector_to_array(self._index.id_map), dtype=np.int64)

    def add(self, keys: Keys, vectors: Vectors) -> None:
        """keys (n,) new to the index, vectors (n, d). Raises ValueError for other shapes and for keys that are there:
        FAISS itself would take both copies."""
        if vectors.shape != (len(keys), self.dimension):
            raise ValueError(
                f"{len(keys)} keys need vectors of shape {(len(keys), self.dimension)}, not {vectors.shape}"
            )
        if len(keys) == 0:
            return
        if (keys.min() <= self._highest and np.isin(keys, self.keys()).any()) or len(np.unique(keys)) < len(keys):
            raise ValueError("a key is in the index already or given twice")
        self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(keys, np.int64))
        self._highest = max(self._highest, int(keys.max()))

    def remove(self, keys: Keys) -> None:
        """Keys that are not in the index are passed over."""
        if len(keys) and len(self):
            self._index.remove_ids(_selector(keys))

    def search(self, vectors: Vectors, k: int, allowed: Keys | None = None) -> tuple[Keys, Vectors]:
        """vectors (n, d) -> keys (n, k), inner products (n, k), best first; (-1, -inf) where there are fewer than k.

        allowed: ascending; may hold many keys that are not in the index.
        """
        parameters = None
        inside = None
        if allowed is not None:
            # FAISS would hash all that are allowed, for each search.
            inside = _shared(self.keys(), allowed)
            selector = _selector(inside)  # the parameters only borrow it
            parameters = faiss.SearchParameters()
            parameters.sel = selector
        rows = len(vectors)
        if rows == 0 or len(self) == 0 or (inside is not None and len(inside) == 0):
            return np.full((rows, k), -1, np.int64), np.full((rows, k), -np.inf, np.float32)
        scores, keys = self._index.search(np.ascontiguousarray(vectors, np.float32), k, params=parameters)
        scores[keys < 0] = -np.inf
        return keys, scores


def _shared(keys: Keys, ascending: Keys) -> Keys:
    """Those of `keys` that are among `ascending`."""
    if len(ascending) == 0:
        return keys[:0]
    places = np.minimum(np.searchsorted(ascending, keys), len(ascending) - 1)
    shared: Keys = keys[ascending[places] == keys]
    return shared


def _selector(keys: Keys) -> faiss.IDSelectorBatch:
    return faiss.IDSelectorBatch(np.ascontiguousarray(keys, np.int64))
