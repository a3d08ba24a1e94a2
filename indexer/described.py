"""What a collection is just now, as its manifest tells it. Writes nothing."""

from collections.abc import Mapping

from indexer.manifest import IndexState, Manifest
from indexer.protocols import Channel
from indexer.store.base_state import BaseState
from indexer.store.items import ItemStore
from indexer.store.schema import SCHEMA_VERSION


def described(store: ItemStore, bases: Mapping[Channel, BaseState | None]) -> Manifest:
    """bases: of each channel; None where it is searched exactly, without one."""
    info, counts = store.info, store.counts()
    exact = ("Flat", 1.0, None)
    told = {
        channel: exact if base is None else (base.kind, base.recall, base.k_factor) for channel, base in bases.items()
    }
    return Manifest(
        format=SCHEMA_VERSION,
        encoder=info.encoder,
        fingerprint=info.fingerprint,
        dimension=info.dimension,
        metric="inner product",
        items=len(store),
        indexes={
            channel: IndexState(kind, counts[channel], recall, k_factor)
            for channel, (kind, recall, k_factor) in told.items()
        },
    )
