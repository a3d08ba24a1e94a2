"""One channel of a collection in memory, kept up with the store by position. Knows nothing of locks: searches may run
side by side, and changing needs it alone, which the caller sees to."""

import logging
from pathlib import Path
from typing import Final, Self

from content.errors import CollectionError, NotFound
from indexer.base import open_base
from indexer.nearest import Found, nearest_items
from indexer.owners import Mask, Owners
from indexer.protocols import Channel, Keys, Vectors
from indexer.store.base_state import BaseState
from indexer.store.items import ItemStore
from indexer.store.position import Position
from indexer.store.snapshot import Snapshot
from indexer.store.transaction import Change
from indexer.vectors.live import IndexPolicy, LiveIndex

_ROOM: Final = 10_000
_log = logging.getLogger(__name__)


class LiveChannel:
    """The vectors of one channel: a base from its file, if there is one, and what came and went since."""

    def __init__(self, index: LiveIndex, owners: Owners, position: Position, base: BaseState | None) -> None:
        self.index = index
        self.base = base
        self._owners = owners
        self._position = position

    @classmethod
    def open(cls, folder: Path, store: ItemStore, channel: Channel, policy: IndexPolicy) -> Self | None:
        """As the store has it now; None, with a message in the log, where a base must be built for that first."""
        while True:
            with store.snapshot() as snapshot:
                state = snapshot.base(channel)
                if state is None:
                    few = snapshot.count(channel) <= policy.exact_up_to
                    return cls._exact(snapshot, channel, store.info.dimension) if few else None
                try:
                    opened = open_base(folder, state)
                except (NotFound, CollectionError) as error:
                    problem = error.message
                else:
                    index = LiveIndex(opened.index.dimension, opened.index)
                    live = cls(index, Owners(opened.index.keys(), opened.items), state.position, state)
                    if live.catch_up(snapshot, channel):
                        return live
                    problem = f"the index {state.file} is older than what the collection remembers of its changes"
            if store.base(channel) == state:
                _log.warning("%s; building it again from the stored vectors", problem)
                return None
            # Another process has built it again meanwhile, and removed the file that was looked at.

    @classmethod
    def exact(cls, store: ItemStore, channel: Channel) -> Self:
        """As the store has it now, without any base: all vectors are in memory, and searched one by one."""
        with store.snapshot() as snapshot:
            return cls._exact(snapshot, channel, store.info.dimension)

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
        if self._owners.later > _ROOM + 2 * self.index.fresh:  # most of them are gone
            self._owners.keep(self.index.fresh_keys())
        self._position = change.position

    def is_far_behind(self, snapshot: Snapshot, channel: Channel, policy: IndexPolicy) -> bool:
        """Whether it is better opened again: there is a newer base, and more came since than fits beside one."""
        base = snapshot.base(channel)
        ahead = base is not None and base.key > self._position.key
        return ahead and snapshot.count(channel, after=self._position.key) > policy.exact_up_to

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
