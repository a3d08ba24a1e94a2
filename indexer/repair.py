"""Brings an index up to what the store says. Knows that vectors under a key never change, so keys say all."""

import logging
from pathlib import Path

import numpy as np

from content.errors import CollectionError, NotFound
from indexer.faiss_index import FaissIndex
from indexer.protocols import Channel, Keys
from indexer.store import ItemStore

_log = logging.getLogger(__name__)
_CHUNK = 4096
_SAMPLE = 32


def opened_index(path: Path, store: ItemStore, channel: Channel) -> tuple[FaissIndex, bool]:
    """The index in `path`, made to hold the store's vectors of `channel` and nothing else; and whether the file on disk
    differs from it, because it was missing, damaged, of another collection, or older than the store."""
    keys = store.keys(channel)
    index = _usable(path, store, keys)
    if index is None:
        index = FaissIndex(store.info.dimension)
        if len(keys) == 0:
            return index, False
    held = index.keys()
    surplus, missing = np.setdiff1d(held, keys), np.setdiff1d(keys, held)
    index.remove(surplus)
    for start in range(0, len(missing), _CHUNK):
        index.add(*store.vectors(missing[start : start + _CHUNK]))
    if len(surplus) or len(missing):
        _log.info("%s: added %d vectors and removed %d, after the stored ones", path, len(missing), len(surplus))
    return index, bool(len(surplus) or len(missing))


def _usable(path: Path, store: ItemStore, keys: Keys) -> FaissIndex | None:
    try:
        index = FaissIndex.open(path)
    except NotFound:
        return None
    except CollectionError as error:
        _log.warning("%s; rebuilding it from the stored vectors", error)
        return None
    if index.dimension != store.info.dimension or not _agrees(index, store, keys):
        _log.warning("the index %s belongs to other vectors; rebuilding it from the stored ones", path)
        return None
    return index


def _agrees(index: FaissIndex, store: ItemStore, keys: Keys) -> bool:
    """Whether a sample of the vectors under common keys is the same: the file could be another collection's."""
    common = np.intersect1d(index.keys(), keys)
    sample = common[:: max(1, len(common) // _SAMPLE)][:_SAMPLE]
    sample, vectors = store.vectors(sample)
    for position in range(len(sample)):
        row = vectors[position : position + 1]
        _, scores = index.search(row, 1, allowed=sample[position : position + 1])
        if abs(float(scores[0, 0]) - float(np.vdot(row, row))) > 1e-3:
            return False
    return True
