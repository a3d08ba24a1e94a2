"""How large the open collections are. Opens none, and reads no vectors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from prometheus_client.core import Metric

from api.watching.families import gauge
from content.errors import LycheeError
from indexer.collection import Collection
from indexer.protocols import Channel
from indexer.usage import index_bytes, store_bytes

_MOST: Final = 100  # have samples of their own: whoever may write can make any number of collections


@dataclass(frozen=True, slots=True)
class _Size:
    name: str
    items: int
    vectors: Mapping[Channel, int]
    indexes: int
    store: int


def collection_metrics(opened: Mapping[str, Collection]) -> Iterator[Metric]:
    yield gauge("lychee_collections_open", "Collections that are open.", [], [([], len(opened))])
    sizes = list(_sizes(opened))
    yield gauge(
        "lychee_collection_items",
        "Items of an open collection.",
        ["collection"],
        [([size.name], size.items) for size in sizes],
    )
    yield gauge(
        "lychee_collection_vectors",
        "Vectors of an open collection, as this process searches them.",
        ["collection", "channel"],
        [([size.name, channel], count) for size in sizes for channel, count in size.vectors.items()],
    )
    yield gauge(
        "lychee_collection_index_bytes",
        "Index files of an open collection; few vectors need none.",
        ["collection"],
        [([size.name], size.indexes) for size in sizes],
    )
    yield gauge(
        "lychee_collection_store_bytes",
        "What an open collection's items, pictures and vectors take on disk.",
        ["collection"],
        [([size.name], size.store) for size in sizes],
    )


def _sizes(opened: Mapping[str, Collection]) -> Iterator[_Size]:
    for name in sorted(opened)[:_MOST]:
        collection = opened[name]
        try:
            items = len(collection)
        except LycheeError:  # closed or broken meanwhile: whoever searches it hears of that
            continue
        folder = collection.folder
        yield _Size(name, items, collection.in_memory(), index_bytes(folder), store_bytes(folder))
