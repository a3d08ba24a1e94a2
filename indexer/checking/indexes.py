"""The file of a channel's index against the vectors that it was made from. Knows nothing of searching by users."""

from pathlib import Path
from typing import Final

import numpy as np

from content.errors import CollectionError, NotFound
from indexer.protocols import Channel, Keys
from indexer.store.base_state import BaseState, info_key
from indexer.store.items import ItemStore
from indexer.store.position import Position
from indexer.store.snapshot import Snapshot
from indexer.vectors.quantized import OpenedIndex, QuantizedIndex

_SAMPLED: Final = 100  # vectors
_ENOUGH: Final = 0.9  # of them must find themselves, or what is nearly as near
_AS_NEAR: Final = 0.9


def index_damage(folder: Path, store: ItemStore, channel: Channel) -> str | None:
    """What is wrong with the file of the channel's index; None where nothing is, or where it has none."""
    while True:
        with store.snapshot() as snapshot:
            state = snapshot.info(info_key(channel))
            damage = _damage(folder, snapshot, channel)
        if damage is None or store.read_info(info_key(channel)) == state:
            return damage
        # Meanwhile another process has built it again, and removed the file that was looked at.


def _damage(folder: Path, snapshot: Snapshot, channel: Channel) -> str | None:
    state = snapshot.base(channel)
    if state is None:
        told = snapshot.info(info_key(channel))
        return None if told is None else f"what the collection says of its index for {channel}s cannot be read"
    try:
        opened = QuantizedIndex.open(folder / state.file)
    except (NotFound, CollectionError) as error:
        return error.message
    return _difference(snapshot, channel, state, opened)


def _difference(snapshot: Snapshot, channel: Channel, state: BaseState, opened: OpenedIndex) -> str | None:
    change = snapshot.change(channel, Position(snapshot.position.key, state.removal))
    if change is None:
        return f"the index {state.file} is older than what the collection remembers of its changes"
    keys, items = snapshot.owners(channel)
    then = keys <= state.key
    stays = ~np.isin(opened.index.keys(), change.removed)
    if not np.array_equal(opened.index.keys()[stays], keys[then]) or not np.array_equal(
        opened.items[stays], items[then]
    ):
        return f"the index {state.file} holds other vectors than the collection"
    if not _finds_itself(snapshot, opened.index, keys[then]):
        return f"the index {state.file} does not find the vectors of the collection"
    return None


def _finds_itself(snapshot: Snapshot, index: QuantizedIndex, keys: Keys) -> bool:
    sample = keys[:: max(1, len(keys) // _SAMPLED)]
    if len(sample) == 0:
        return True
    vectors = snapshot.vectors(sample)
    found = index.search(vectors, 1, keys)[0][:, 0]
    known, places = np.unique(found[found >= 0], return_inverse=True)
    own = (vectors * vectors).sum(axis=1)[found >= 0]
    scores = (vectors[found >= 0] * snapshot.vectors(known)[places]).sum(axis=1)
    return int((scores >= _AS_NEAR * own).sum()) >= _ENOUGH * len(sample)
