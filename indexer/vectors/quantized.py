"""A vector index of codes that knows its recall: built once over given vectors, never changed, kept in a file. Knows
nothing of how the codes are made or what the file looks like."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np

from content.errors import CollectionError
from indexer.protocols import Keys, Vectors
from indexer.vectors.building import Built, Reached, build
from indexer.vectors.codes import RowMask, codes_of
from indexer.vectors.file import IndexFile
from indexer.vectors.measuring import Read

_SPARSE: Final = 32  # keys are searched for where not even one in so many is meant


class QuantizedIndex:
    """Nearly exact search by inner product under int64 keys. Searches may run side by side."""

    def __init__(self, keys: Keys, built: Built, dimension: int) -> None:
        """keys (n,) ascending: of each row."""
        self._keys, self._built, self._dimension = keys, built, dimension

    @classmethod
    def build(
        cls,
        keys: Keys,
        read: Read,
        dimension: int,
        *,
        target: float = 0.99,
        trained: "QuantizedIndex | None" = None,
        reached: Reached = lambda share: None,
    ) -> Self:
        """An index over `keys` (n,), ascending, whose recall@100 is at least `target` with vectors of its own kind as
        queries, measured against the exact result on some that it was not trained on.

        read: the vectors (m, d) of some of the keys, ascending; what it raises goes through. trained: an earlier index
        whose quantisers are used again if they are good enough. reached: is told the share that is done, and may raise
        to stop. The vectors are read once or twice, some thousand at a time; where the target cannot be reached by
        codes, all are kept as they are.
        """
        earlier = None if trained is None else trained._built.codes
        return cls(keys, build(keys, read, dimension, target, earlier, reached), dimension)

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def kind(self) -> str:
        """In the manner of FAISS's index factory; `+32` for 32 corrections beside the codes."""
        return self._built.codes.kind

    @property
    def recall(self) -> float:
        """Of the exact nearest 100 the share that is found, as measured when it was built."""
        return self._built.recall

    @property
    def k_factor(self) -> int:
        """How many times as many vectors as are asked for are looked at closely."""
        return self._built.k_factor

    def keys(self) -> Keys:
        """All keys (n,), ascending; not to be changed."""
        return self._keys

    def search(self, vectors: Vectors, k: int, allowed: Keys | None = None) -> tuple[Keys, Vectors]:
        """vectors (n, d) -> keys (n, k), inner products (n, k), best first; (-1, -inf) where there are fewer than k.

        allowed: ascending; may hold many keys that are not in the index. All that are allowed are looked at closely.
        """
        return self.search_rows(vectors, k, None if allowed is None else self.inside(allowed))

    def search_rows(self, vectors: Vectors, k: int, inside: RowMask | None) -> tuple[Keys, Vectors]:
        """As `search`, among the rows that are `inside`."""
        vectors = np.ascontiguousarray(vectors, np.float32)
        if len(vectors) == 0 or len(self) == 0 or (inside is not None and not inside.any()):
            return np.full((len(vectors), k), -1, np.int64), np.full((len(vectors), k), -np.inf, np.float32)
        if inside is None or inside.all():
            rows, scores = self._built.codes.search(vectors, k, self.k_factor)
        else:
            rows, scores = self._built.codes.scan(vectors, k, inside)
        return np.where(rows < 0, -1, self._keys[rows]), scores

    def rows(self, keys: Keys) -> Keys:
        """The rows of those of `keys` that are in the index, in their order."""
        if len(self) == 0:
            return keys[:0]
        places = np.minimum(np.searchsorted(self._keys, keys), len(self) - 1)
        rows: Keys = places[self._keys[places] == keys]
        return rows

    def inside(self, keys: Keys) -> RowMask:
        """(n,) whether the key of a row is among `keys`, which are ascending."""
        mask = np.zeros(len(self), np.bool_)
        if len(self) == 0:
            return mask
        lowest, highest = self._keys[[0, -1]].tolist()
        keys = keys[np.searchsorted(keys, lowest) : np.searchsorted(keys, highest, side="right")]
        span = highest - lowest + 1
        if len(keys) * _SPARSE < span:
            mask[self.rows(keys)] = True
            return mask
        marks = np.zeros(span, np.bool_)  # to search for a million keys would take ten times as long
        marks[keys - lowest] = True
        inside: RowMask = marks[self._keys - lowest]
        return inside

    def save(self, path: Path, items: Keys) -> None:
        """Writes a file that `open` reads. items (n,): the number of the item of each key. Raises CollectionError when
        the disk does not take it."""
        IndexFile(self._built.codes.index, self._keys, items, self.recall, self.k_factor).write(path)

    @classmethod
    def open(cls, path: Path) -> "OpenedIndex":
        """Maps the file into memory, so that a million vectors are there at once and are shared between processes.

        Raises NotFound when there is no such file, CollectionError when it is not, or no longer, what `save` wrote.
        """
        file = IndexFile.open(path)
        try:
            codes = codes_of(file.index)
        except TypeError as error:
            raise CollectionError(f"the index {path} is of another type") from error
        return OpenedIndex(cls(file.keys, Built(codes, file.recall, file.k_factor), codes.dimension), file.items)


@dataclass(frozen=True, slots=True)
class OpenedIndex:
    """items (n,): the number of the item of each key, in the order of `index.keys()`."""

    index: QuantizedIndex
    items: Keys
