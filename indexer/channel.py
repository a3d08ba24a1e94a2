"""One channel of a collection in memory, kept up with the store by position. Knows nothing of locks: searches may run
side by side, and changing needs it alone, which the caller sees to."""

import logging
from pathlib import Path
from typing import Self

from content.errors import CollectionError
from indexer.base import BaseState, build_base, open_base, stored_base
from indexer.nearest import Found, nearest_items
from indexer.owners import Mask, Owners
from indexer.protocols import Channel, Keys, Vectors
from indexer.store.items import ItemStore, Snapshot
from indexer.store.position import Position
from indexer.store.transaction import Change
from indexer.vectors.live import IndexPolicy, LiveIndex

_log = logging.getLogger(__name__)


class LiveChannel:
    """The vectors of one channel: a base from its file, if there is one, and what came and went since."""

    def __init__(self, index: LiveIndex, owners: Owners, position: Position, base: BaseState | None) -> None:
        self.index = index
        self.base = base
        self._owners = owners
        self._position = position

    @classmethod
    def open(cls, folder: Path, store: ItemStore, channel: Channel, policy: IndexPolicy) -> Self:
        """As the store has it now. A base that is missing or damaged is built again, which takes a minute for a million
        vectors."""
        with store.snapshot() as snapshot:
            state = stored_base(snapshot, channel)
            opened = None if state is None else open_base(folder, state)
            if opened is not None and state is not None:
                base, items = opened
                live = cls(LiveIndex(base.dimension, base), Owners(base.keys(), items), state.position, state)
                if live.catch_up(snapshot, channel):
                    return live
            elif state is None and snapshot.count(channel) <= policy.exact_up_to:
                return cls._exact(snapshot, channel, store.info.dimension)
        try:
            build_base(folder, store, channel, policy, None)
        except CollectionError as error:  # a full disk keeps nobody from searching
            _log.warning("%s; until that is possible, all vectors are in memory and searched one by one", error.message)
            with store.snapshot() as snapshot:
                return cls._exact(snapshot, channel, store.info.dimension)
        return cls.open(folder, store, channel, policy)

    @classmethod
    def _exact(cls, snapshot: Snapshot, channel: Channel, dimension: int) -> Self:
        added = snapshot.all(channel)
        live = cls(LiveIndex(dimension), Owners(added.keys, added.items), snapshot.position, None)
        live.index.add(added.keys, added.vectors)
        return live

    def __len__(self) -> int:
        return len(self.index)

    def catch_up(self, snapshot: Snapshot, channel: Channel) -> bool:
        """Takes in what happened since; False where that is forgotten, and it must be opened again."""
        change = snapshot.change(channel, self._position)
        if change is not None:
            self.apply(change)
        return change is not None

    def apply(self, change: Change) -> None:
        """Takes in a change that begins where the channel stands."""
        self.index.remove(change.removed)
        if len(change.added.keys):
            self.index.add(change.added.keys, change.added.vectors)
            self._owners.add(change.added.keys, change.added.items)
        self._position = change.position

    @property
    def position(self) -> Position:
        return self._position

    def nearest(self, vectors: Vectors, k: int, allowed: Mask | None) -> list[list[Found]]:
        """As `nearest_items`; allowed: the items that may be found."""
        keys = None if allowed is None else self._owners.keys_of(allowed)
        return nearest_items(self.index, self._owners.of, vectors, k, keys)

    def items_of(self, keys: Keys) -> Keys:
        """The number of the item that each key belongs to; -1 for none."""
        return self._owners.of(keys)
