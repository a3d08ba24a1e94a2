"""The indexes that `lychee bench recall` compares: how each is built, written, opened and asked. Knows no times."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log2, sqrt
from pathlib import Path
from typing import Final, Literal, get_args

import faiss
import numpy as np

from content.errors import InvalidInput
from evaluation.bench.recall_pool import Pool, Rows, spans
from indexer.protocols import Vectors
from indexer.vectors.quantized import QuantizedIndex

SideName = Literal["lychee", "flat", "hnsw", "ivf"]
LYCHEE: Final = "lychee"
FLAT: Final = "flat"
NAMES: Final[tuple[SideName, ...]] = get_args(SideName)
_EF_SEARCH: Final = (100, 400, 800)
_NPROBE: Final = (32, 128, 512)
_CHUNK: Final = 50_000
_TRAINED_ON: Final = 64  # vectors for each list; FAISS wants 39 and takes 256 at most

Ask = Callable[[Vectors, int], Rows]  # (q, d), k -> (q, k)


@dataclass(frozen=True, slots=True)
class Point:
    """An index with one setting of its search. label: for a table."""

    side: SideName
    label: str
    ask: Ask


def sides_named(names: Sequence[str]) -> tuple[SideName, ...]:
    """In the order of `NAMES`, this project's and Flat always among them: ratios are to it. Each name may be several,
    with commas. Raises InvalidInput for any other."""
    wanted = {LYCHEE, FLAT, *(part.strip().lower() for name in names for part in name.split(","))}
    for name in wanted.difference(NAMES):
        raise InvalidInput(f"--against names flat, hnsw or ivf, not {name!r}", param="--against")
    return tuple(name for name in NAMES if name in wanted)


def built(side: SideName, pool: Pool) -> Callable[[Path], None]:
    """Trains and fills an index; gives what writes it to a file."""
    vectors = pool.vectors()
    if side == LYCHEE:
        keys = np.arange(pool.size)
        index = QuantizedIndex.build(keys, lambda some: np.asarray(vectors[some]), pool.dimension)
        return lambda path: index.save(path, keys)
    rival = _empty(side, pool)
    if not rival.is_trained:
        rival.train(np.ascontiguousarray(vectors[:: max(1, pool.size // (_TRAINED_ON * lists_for(pool.size)))]))
    for start, stop in spans(pool.size, _CHUNK):
        rival.add(np.ascontiguousarray(vectors[start:stop]))
    return lambda path: faiss.write_index(rival, str(path))


def opened(side: SideName, path: Path) -> list[Point]:
    """The index in the file, once for each setting of its search."""
    if side == LYCHEE:
        ours = QuantizedIndex.open(path).index
        return [Point(side, f"this project, {ours.kind}", lambda vectors, k: ours.search(vectors, k)[0])]
    rival = faiss.read_index(str(path))
    return [Point(side, label, _asking(rival, parameters)) for label, parameters in _settings(side, rival).items()]


def lists_for(size: int) -> int:
    """A power of two near 4 sqrt(n), as FAISS's guidelines have it, and few enough to be trained: 4,096 for a
    million."""
    return int(2 ** max(0, round(log2(min(4 * sqrt(size), max(1, size // 39))))))


def _empty(side: SideName, pool: Pool) -> faiss.Index:
    recipe = {FLAT: "Flat", "hnsw": "HNSW32", "ivf": f"IVF{lists_for(pool.size)},SQ8"}[side]
    return faiss.index_factory(pool.dimension, recipe, faiss.METRIC_INNER_PRODUCT)


def _settings(side: SideName, index: faiss.Index) -> Mapping[str, faiss.SearchParameters | None]:
    match side:
        case "hnsw":
            return {
                f"faiss HNSW32, efSearch {width}": faiss.SearchParametersHNSW(efSearch=width)  # type: ignore[attr-defined]
                for width in _EF_SEARCH
            }
        case "ivf":
            lists = lists_for(index.ntotal)
            return {
                f"faiss IVF{lists},SQ8, nprobe {count}": faiss.SearchParametersIVF(nprobe=count)  # type: ignore[call-arg]
                for count in _NPROBE
                if count < lists or count == _NPROBE[0]
            }
    return {"faiss Flat": None}


def _asking(index: faiss.Index, parameters: faiss.SearchParameters | None) -> Ask:
    def ask(vectors: Vectors, k: int) -> Rows:
        rows: Rows = index.search(vectors, k, params=parameters)[1]
        return rows

    return ask


def use_threads(count: int) -> None:
    """Of FAISS in this process."""
    faiss.omp_set_num_threads(count)


def version() -> str:
    return str(faiss.__version__)
