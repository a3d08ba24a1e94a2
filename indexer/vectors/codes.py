"""Vectors in rows as FAISS holds them: whole, or as two codes of which the short one finds and the long one decides.
Knows nothing of keys, files or recall."""

from typing import Any, Final, Literal, Protocol, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.protocols import Keys, Vectors
from indexer.vectors.measuring import DEPTH
from indexer.vectors.threads import one_thread

RowMask = NDArray[np.bool_]  # (rows,)
Handle = Any  # a class of FAISS: its stubs know few of their members
Refinement = Literal["SQ8", "SQfp16"]

_TYPES: Final[dict[Refinement, int]] = {
    "SQ8": faiss.ScalarQuantizer.QT_8bit,
    "SQfp16": faiss.ScalarQuantizer.QT_fp16,
}
_BITS: Final = 4  # of a product quantiser whose tables fit into registers
_SUBSPACE: Final = 4  # dimensions that share those bits
_LANES: Final = 16  # the scalar quantiser is quick for multiples of this many dimensions
_CORRECTED: Final = 16  # one correction for each so many dimensions
_DEARER: Final = 8  # so many times as long as in a scan of all takes a row that the fast scan chose


class Codes(Protocol):
    """Rows that are added once and never changed, searched by inner product."""

    index: Handle

    @property
    def kind(self) -> str:
        """In the manner of FAISS's index factory."""

    @property
    def dimension(self) -> int: ...

    def __len__(self) -> int: ...

    def add(self, vectors: Vectors) -> None:
        """(n, d): the next n rows."""

    def search(self, vectors: Vectors, k: int, k_factor: int) -> tuple[Keys, Vectors]:
        """rows (n, k), inner products (n, k), best first, -1 where there are no more; found by looking closely at
        `k_factor` times as many rows, and at no fewer where k is less than 100."""

    def scan(self, vectors: Vectors, k: int, inside: RowMask | None = None) -> tuple[Keys, Vectors]:
        """As `search`, by looking closely at all rows that are `inside`."""


class FlatCodes:
    """The vectors themselves."""

    kind: Final = "Flat"

    def __init__(self, index: Handle) -> None:
        self.index = index

    @property
    def dimension(self) -> int:
        return int(self.index.d)

    def __len__(self) -> int:
        return int(self.index.ntotal)

    def add(self, vectors: Vectors) -> None:
        self.index.add(np.ascontiguousarray(vectors, np.float32))

    def search(self, vectors: Vectors, k: int, k_factor: int) -> tuple[Keys, Vectors]:
        return self.scan(vectors, k)

    def scan(self, vectors: Vectors, k: int, inside: RowMask | None = None) -> tuple[Keys, Vectors]:
        return _scan(self.index, np.ascontiguousarray(vectors, np.float32), k, inside)


class RefinedCodes:
    """A product quantiser (4 bits for 4 dimensions) whose codes are all scanned, and a scalar quantiser that puts the
    best of them into order.

    The scalar quantiser holds more than the vector. Its rounding e costs q.e in the inner product with a query q, most
    of it along the few directions B in which vectors are long; so Be is held beside, and Bq joined to the query. With
    6 % more bytes the order has half the faults.

    As FAISS has it: IndexPreTransform(q -> [q, 0, Bq], IndexRefine(IndexPreTransform(-> q, IndexPQFastScan),
    IndexScalarQuantizer)).
    """

    def __init__(self, index: Handle) -> None:
        self.index = index
        self._refine = _known(self.index.index)
        self._long = _known(self._refine.refine_index)
        remap = _known(self._refine.base_index)
        self._short = _known(remap.index)
        lift: Handle = faiss.downcast_VectorTransform(index.chain.at(0))
        matrix = faiss.vector_to_array(lift.A).reshape(lift.d_out, lift.d_in)  # (wide, d)
        self._directions = np.ascontiguousarray(matrix[self._short.d :])  # (corrections, d)

    @classmethod
    def trained(cls, sample: Vectors, refinement: Refinement) -> Self:
        """Without rows, for vectors like `sample` (n, d)."""
        dimension = sample.shape[1]
        narrow = _next_multiple(dimension, _SUBSPACE)
        wide = _next_multiple(narrow + dimension // _CORRECTED, _LANES)
        short = faiss.IndexPQFastScan(narrow, narrow // _SUBSPACE, _BITS, faiss.METRIC_INNER_PRODUCT)
        long = faiss.IndexScalarQuantizer(wide, _TYPES[refinement], faiss.METRIC_INNER_PRODUCT)
        codes = cls(_joined(short, long, _principal(sample, wide - narrow)))
        padded = codes._lifted(sample)
        with one_thread():  # its k-means waits for all threads after each of many small steps
            short.train(np.ascontiguousarray(padded[:, :narrow]))
        padded[:, narrow:] = 0
        long.train(padded)
        long.train(codes._corrected(sample))
        codes._set_trained()
        return codes

    def emptied(self) -> Self:
        """The same quantisers without rows."""
        short = faiss.IndexPQFastScan(self._short.d, self._short.M, _BITS, faiss.METRIC_INNER_PRODUCT)
        short.pq = self._short.pq
        long = faiss.IndexScalarQuantizer(self._long.d, self._long.sq.qtype, faiss.METRIC_INNER_PRODUCT)
        long.sq = self._long.sq
        short.is_trained = long.is_trained = True
        codes = type(self)(_joined(short, long, self._directions))
        codes._set_trained()
        return codes

    @property
    def kind(self) -> str:
        refinement = next(name for name, number in _TYPES.items() if number == self._long.sq.qtype)
        return f"PQ{self._short.M}x{_BITS}fs,Refine({refinement}+{len(self._directions)})"

    @property
    def dimension(self) -> int:
        return int(self.index.d)

    def __len__(self) -> int:
        return int(self.index.ntotal)

    def add(self, vectors: Vectors) -> None:
        self._refine.add(self._corrected(vectors))
        self.index.ntotal = self._refine.ntotal

    def search(self, vectors: Vectors, k: int, k_factor: int) -> tuple[Keys, Vectors]:
        if self.scans_all(k, k_factor):
            return self.scan(vectors, k)
        width = k_factor * max(k, DEPTH)
        parameters = faiss.IndexRefineSearchParameters()
        parameters.k_factor = (width + 0.5) / k
        scores, rows = self._refine.search(self._lifted(vectors), k, params=parameters)
        if (rows < 0).any():  # for a query of zeros, whose tables have no range, the fast scan finds nothing
            return self.scan(vectors, k)
        return rows, scores

    def scans_all(self, k: int, k_factor: int) -> bool:
        """Whether looking closely at all rows is no slower than choosing some of them first."""
        return k_factor * max(k, DEPTH) * _DEARER >= len(self)

    def scan(self, vectors: Vectors, k: int, inside: RowMask | None = None) -> tuple[Keys, Vectors]:
        return _scan(self._long, self._lifted(vectors), k, inside)

    def _lifted(self, vectors: Vectors) -> Vectors:
        """Queries (n, d) -> (n, wide)."""
        lifted = np.zeros((len(vectors), self._long.d), np.float32)
        lifted[:, : vectors.shape[1]] = vectors
        lifted[:, self._short.d :] = vectors @ self._directions.T
        return lifted

    def _corrected(self, vectors: Vectors) -> Vectors:
        """Rows (n, d) -> (n, wide)."""
        dimension = vectors.shape[1]
        corrected = np.zeros((len(vectors), self._long.d), np.float32)
        corrected[:, :dimension] = vectors
        rounded = self._long.sa_decode(self._long.sa_encode(corrected))[:, :dimension]
        corrected[:, self._short.d :] = (vectors - rounded) @ self._directions.T
        return corrected

    def _set_trained(self) -> None:
        base = _known(self._refine.base_index)
        base.is_trained = True
        self._refine.is_trained = self.index.is_trained = True


def _known(index: Handle) -> Handle:
    """As the class it is of."""
    return faiss.downcast_index(index)


def codes_of(index: Handle) -> Codes:
    """What was read from a file. Raises TypeError for an index that none of these classes made."""
    if isinstance(index, faiss.IndexFlatIP):
        return FlatCodes(index)
    if isinstance(index, faiss.IndexPreTransform):
        return RefinedCodes(index)
    raise TypeError(f"an index of the type {type(index).__name__}")


def _joined(
    short: faiss.IndexPQFastScan, long: faiss.IndexScalarQuantizer, directions: Vectors
) -> faiss.IndexPreTransform:
    dimension = directions.shape[1]
    matrix = np.zeros((long.d, dimension), np.float32)
    matrix[:dimension] = np.eye(dimension, dtype=np.float32)
    matrix[short.d :] = directions
    lift = faiss.LinearTransform(dimension, long.d, False)
    faiss.copy_array_to_vector(matrix.ravel(), lift.A)
    lift.is_trained = True
    remap = faiss.RemapDimensionsTransform(long.d, short.d, False)  # type: ignore[arg-type]
    first = faiss.IndexPreTransform(remap, short)
    return faiss.IndexPreTransform(lift, faiss.IndexRefine(first, long))


def _principal(sample: Vectors, count: int) -> Vectors:
    """(count, d): the directions in which vectors are longest, by the eigenvectors of the second moment; zeros where
    there are no more."""
    _, vectors = np.linalg.eigh((sample.T @ sample).astype(np.float64))  # columns, ascending
    directions = np.zeros((count, sample.shape[1]), np.float32)
    longest = vectors.T[::-1][:count]
    directions[: len(longest)] = longest
    return directions


def _scan(index: Handle, vectors: Vectors, k: int, inside: RowMask | None) -> tuple[Keys, Vectors]:
    parameters = None
    if inside is not None:
        bits = np.packbits(inside, bitorder="little")
        selector = faiss.IDSelectorBitmap(
            len(bits), faiss.swig_ptr(bits)
        )  # borrows the bits, and is borrowed by the parameters
        parameters = faiss.SearchParameters()
        parameters.sel = selector
    scores, rows = index.search(vectors, k, params=parameters)
    scores[rows < 0] = -np.inf
    return rows, scores


def _next_multiple(number: int, of: int) -> int:
    return -(-number // of) * of
