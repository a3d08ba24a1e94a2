"""What `lychee bench recall` searches: vectors in a file that processes share, and metadata beside them. Knows no
index."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from evaluation.bench.synthetic import ClipLike
from indexer.encoded import EncodedItem
from indexer.files import replaced
from indexer.item import JsonValue
from indexer.protocols import Vectors

Rows = NDArray[np.int64]
_CHUNK: Final = 10_000
_BRANDS: Final = 200
IN_STOCK: Final = 0.9
DEAREST: Final = 1000.0
_METADATA = 3  # a stream of random numbers beside those of the vectors


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The metadata of all items, (n,) each. share: in [0, 1). price: in [0, 1000). stock: how many, 0 for a tenth of
    the items. brand: a number. All drawn uniformly and independently."""

    share: NDArray[np.float64]
    price: NDArray[np.float64]
    stock: NDArray[np.int64]
    brand: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pool:
    """folder: where the file is, and all that is built from it. The row of an item is its number in its id."""

    folder: Path
    size: int
    dimension: int
    seed: int

    @property
    def source(self) -> ClipLike:
        return ClipLike(self.dimension, self.seed)

    def write(self) -> None:
        """Makes the file, unless it is there."""
        if self._path.is_file():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with replaced(self._path) as temporary:
            vectors = np.lib.format.open_memmap(
                temporary, mode="w+", dtype=np.float32, shape=(self.size, self.dimension)
            )
            for start, stop in spans(self.size, _CHUNK):
                vectors[start:stop] = self.source.rows(start, stop)
            vectors.flush()

    def vectors(self) -> Vectors:
        """(n, d), read as they are looked at."""
        vectors: Vectors = np.load(self._path, mmap_mode="r")
        return vectors

    def columns(self) -> Columns:
        return _columns(self.size, self.seed)

    def items(self, start: int, stop: int, vectors: Vectors) -> list[EncodedItem]:
        """The items [start, stop) with these vectors (stop - start, d)."""
        return [
            EncodedItem(item_id(row), None, None, b"", {"image": vector[np.newaxis]}, self._metadata(row))
            for row, vector in zip(range(start, stop), vectors, strict=True)
        ]

    def _metadata(self, row: int) -> dict[str, JsonValue]:
        columns = self.columns()
        return {
            "brand": f"Brand {columns.brand[row]}",
            "price": float(columns.price[row]),
            "stock": int(columns.stock[row]),
            "share": float(columns.share[row]),
        }

    @property
    def _path(self) -> Path:
        return self.folder / "vectors.npy"


def item_id(row: int) -> str:
    return f"item-{row:08d}"


def row_of(item: str) -> int:
    return int(item.removeprefix("item-"))


def spans(size: int, step: int) -> Iterator[tuple[int, int]]:
    """[0, size) in pieces."""
    return ((start, min(start + step, size)) for start in range(0, size, step))


@lru_cache(maxsize=1)
def _columns(size: int, seed: int) -> Columns:
    random = np.random.default_rng([seed, _METADATA])
    return Columns(
        share=np.round(random.random(size), 6),
        price=np.round(random.random(size) * DEAREST, 2),
        stock=np.where(random.random(size) < IN_STOCK, random.integers(1, 100, size), 0),
        brand=random.integers(0, _BRANDS, size),
    )
