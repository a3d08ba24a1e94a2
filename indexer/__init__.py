"""Offline: read a source, encode it, write the collection down. Names that cost torch or FAISS are loaded on demand.

The build is `indexer.build.build`, the sources are in `indexer.sources`."""

from importlib import import_module
from typing import TYPE_CHECKING

from indexer.encoded import EncodedItem
from indexer.item import Item, JsonValue, Picture
from indexer.protocols import CHANNELS, Channel, Encoder, VectorIndex
from indexer.record import Entry, Record, Refusal, Source, digest

if TYPE_CHECKING:
    from indexer.collection import Collection
    from indexer.encoder import OpenClipEncoder
    from indexer.ingest import Ingest

__all__ = [
    "CHANNELS",
    "Channel",
    "Collection",
    "EncodedItem",
    "Encoder",
    "Entry",
    "Ingest",
    "Item",
    "JsonValue",
    "OpenClipEncoder",
    "Picture",
    "Record",
    "Refusal",
    "Source",
    "VectorIndex",
    "digest",
]

_HOMES = {
    "Collection": "indexer.collection",
    "Ingest": "indexer.ingest",
    "OpenClipEncoder": "indexer.encoder",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
