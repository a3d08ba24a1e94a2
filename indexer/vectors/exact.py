"""A vector index by FAISS. The only file that knows FAISS; it knows nothing of items, channels or collections."""

import struct
import zlib
from pathlib import Path
from typing import Final, Self

import faiss
import numpy as np

from content.errors import CollectionError, NotFound
from indexer.files import replaced
from indexer.protocols import Keys, Vectors

# Behind the bytes that FAISS writes, which reads past neither its own end nor its own mistakes: a mark and a CRC-32.
_TRAILER: Final = struct.Struct("<8sI")
_MARK: Final = b"LYCHEE\x00\x01"
_BLOCK: Final = 1 << 20


class FaissIndex:
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
        """vectors (n, d) -> keys (n, k), inner products (n, k), best first; (-1, -inf) where there are fewer than k."""
        rows = len(vectors)
        if rows == 0 or len(self) == 0 or (allowed is not None and len(allowed) == 0):
            return np.full((rows, k), -1, np.int64), np.full((rows, k), -np.inf, np.float32)
        parameters = None
        if allowed is not None:
            selector = _selector(allowed)  # the parameters only borrow it
            parameters = faiss.SearchParameters()
            parameters.sel = selector
        scores, keys = self._index.search(np.ascontiguousarray(vectors, np.float32), k, params=parameters)
        scores[keys < 0] = -np.inf
        return keys, scores

    def save(self, path: Path) -> None:
        """Writes the index to a temporary file, flushes it to disk and renames it. Raises CollectionError when the disk
        does not take it."""
        try:
            with replaced(path) as temporary:
                faiss.write_index(self._index, str(temporary))
                checksum = _checksum(temporary, temporary.stat().st_size)
                with temporary.open("ab") as file:
                    file.write(_TRAILER.pack(_MARK, checksum))
        except (OSError, RuntimeError) as error:
            raise CollectionError(f"cannot write the index {path}: {error}") from error

    @classmethod
    def open(cls, path: Path) -> Self:
        """Raises NotFound when there is no such file, CollectionError when it is not, or no longer, what `save` wrote.

        The checksum is compared first: FAISS's reader is not made for hostile or torn files.
        """
        try:
            size = path.stat().st_size - _TRAILER.size
            if size < 0 or _trailer(path, size) != (_MARK, _checksum(path, size)):
                raise CollectionError(f"the index {path} is damaged: its checksum is wrong")
            loaded = faiss.read_index(str(path))
        except FileNotFoundError as error:
            raise NotFound(f"there is no index {path}") from error
        except (OSError, RuntimeError) as error:
            raise CollectionError(f"the index {path} cannot be read: {error}") from error
        if not isinstance(loaded, faiss.IndexIDMap2) or loaded.metric_type != faiss.METRIC_INNER_PRODUCT:
            raise CollectionError(f"the index {path} is of another type")
        index = cls(loaded.d)
        index._index = loaded
        index._highest = int(index.keys().max(initial=-1))
        return index


def _selector(keys: Keys) -> faiss.IDSelectorBatch:
    return faiss.IDSelectorBatch(np.ascontiguousarray(keys, np.int64))


def _trailer(path: Path, offset: int) -> tuple[bytes, int]:
    with path.open("rb") as file:
        file.seek(offset)
        mark, checksum = _TRAILER.unpack(file.read(_TRAILER.size))
    return mark, checksum


def _checksum(path: Path, size: int) -> int:
    """CRC-32 of the first `size` bytes."""
    checksum = 0
    with path.open("rb") as file:
        while size > 0 and (block := file.read(min(size, _BLOCK))):
            checksum = zlib.crc32(block, checksum)
            size -= len(block)
    return checksum
