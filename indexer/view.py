"""What a process has in memory of a collection's vectors: kept up with what any process writes, and in good order.
Knows nothing of items."""

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from content.errors import CollectionBusy, CollectionClosed, CollectionError
from indexer.background import Background
from indexer.base import Reached, build_base
from indexer.channel import LiveChannel
from indexer.locks import ReadWriteLock
from indexer.nearest import Found
from indexer.owners import Mask
from indexer.protocols import CHANNELS, Channel, Keys, Vectors
from indexer.store.base_state import BaseState
from indexer.store.items import ItemStore
from indexer.store.snapshot import Snapshot
from indexer.store.transaction import Change, Transaction
from indexer.vectors.live import IndexPolicy

_PAUSE_S: Final = 3.0
_log = logging.getLogger(__name__)


class View:
    """All channels, loaded when first needed; safe to use from several threads.

    A channel that has changed much gets a new base, built on a thread of its own while searches go on; a base that
    another process built is taken over likewise.
    """

    def __init__(self, folder: Path, store: ItemStore, policy: IndexPolicy) -> None:
        self._folder = folder
        self._store = store
        self._policy = policy
        self._channels: dict[Channel, LiveChannel] = {}
        self._version = -1
        self._changing = threading.RLock()  # who takes changes in
        self._searching = ReadWriteLock()  # the channels, and the moment of a commit
        self._background = Background(folder.name)
        self._changed_at = 0.0  # when something was last written, on the monotonic clock

    def load(self) -> None:
        """Reads the channels from disk, unless that is done. A base that is lost is built again first, which takes a
        minute for a million vectors."""
        if self._channels:
            return
        with self._changing:
            if not self._channels:
                self._version = self._store.version()
                self._channels = {channel: self._opened_or_built(channel) for channel in CHANNELS}

    def catch_up(self) -> None:
        """Takes in what other processes have written; microseconds where they have written nothing."""
        self.load()
        if self._store.version() == self._version:
            return
        with self._changing:
            version, channels = self._store.version(), dict(self._channels)
            if version == self._version or not channels:
                return
            with self._store.snapshot() as snapshot:
                elsewhere = any(snapshot.base(channel) != live.base for channel, live in channels.items())
                lost = [channel for channel in channels if not self._take_in(channel, snapshot)]
            for channel in lost:  # nothing is built here: who builds must write, and who writes may wait for us
                self._replace(channel, self._opened(channel) or LiveChannel.exact(self._store, channel))
            self._version = version
        if elsewhere:
            self.settle_soon()

    def commit(self, transaction: Transaction, changes: Mapping[Channel, Change]) -> None:
        """Commits, and takes the changes in at the same moment; for who holds the collection's writer lock and has
        caught up."""
        with self._changing, self._searching.writing():
            transaction.commit()
            with self._whole_or_forgotten():
                for channel, live in self._channels.items():
                    live.apply(changes[channel])

    def nearest(self, channel: Channel, vectors: Vectors, k: int, allowed: Mask | None) -> list[list[Found]]:
        """As `nearest_items`, over all that any process had written when this was called."""
        with self._reading() as channels:
            return channels[channel].nearest(vectors, k, allowed)

    def items_of(self, keys: Keys) -> Keys:
        """The number of the item of each passage; -1 for none."""
        with self._reading() as channels:
            return channels["text"].items_of(keys)

    def count(self, channel: Channel) -> int:
        with self._reading() as channels:
            return len(channels[channel])

    def in_memory(self) -> dict[Channel, int]:
        """How many vectors each channel has that is loaded, without a look at what others wrote; waits for nobody."""
        return {channel: len(live) for channel, live in self._channels.copy().items()}

    def bases(self) -> dict[Channel, BaseState | None]:
        """What the store says of each channel's base."""
        with self._store.snapshot() as snapshot:
            return {channel: snapshot.base(channel) for channel in CHANNELS}

    def settle_soon(self) -> None:
        """Has a thread do what `settle` does, if there is anything to do."""
        with self._changing, suppress(CollectionClosed):  # what was written before is written all the same
            if any(map(self._wants_work, CHANNELS)):
                self._background.soon(self._settle, self._pause_s)

    def settle(self) -> None:
        """Builds the bases that are wanted and takes over those that other processes built; waits until that is done.

        Raises CollectionError when the disk does not take them.
        """
        self.catch_up()
        self._background.in_turn(self._settle)

    def compact(self, reached: Reached) -> None:
        """Builds the base of every channel anew that has one or wants one. Raises CollectionBusy when another process
        does the same now."""
        self.catch_up()
        self._background.in_turn(lambda: self._compact(reached))

    def close(self) -> None:
        self._background.close()

    @contextmanager
    def _reading(self) -> Iterator[Mapping[Channel, LiveChannel]]:
        """All channels, up to date and unchanged for the length of the block."""
        while True:
            self.catch_up()
            with self._searching.reading():
                channels = self._channels
                if channels:
                    yield channels
                    return

    @contextmanager
    def _whole_or_forgotten(self) -> Iterator[None]:
        """A change that was taken in by half (no memory, Ctrl-C) spoils what is in memory, and nothing else."""
        self._changed_at = time.monotonic()
        try:
            yield
        except BaseException:
            self._channels = {}
            raise

    def _take_in(self, channel: Channel, snapshot: Snapshot) -> bool:
        """False where the channel is too far behind for that."""
        live = self._channels[channel]
        if live.position == snapshot.position:
            return True
        if live.is_far_behind(snapshot, channel, self._policy):
            return False
        change = snapshot.change(channel, live.position)
        if change is None:
            return False
        with self._searching.writing(), self._whole_or_forgotten():
            live.apply(change)
        return True

    def _wants_work(self, channel: Channel) -> bool:
        live = self._channels.get(channel)
        return live is not None and (self._policy.wants_base(live.index) or self._store.base(channel) != live.base)

    def _pause_s(self) -> float:
        """How long to wait yet: in the middle of a long load an index would be out of date as soon as it was built."""
        if any(self._policy.is_overdue(live.index) for live in self._channels.values()):
            return 0.0
        return self._changed_at + _PAUSE_S - time.monotonic()

    def _settle(self) -> None:
        for channel in CHANNELS:
            if self._store.base(channel) != self._channels[channel].base:
                self._take_over(channel)
            if self._policy.wants_base(self._channels[channel].index):
                with suppress(CollectionBusy):  # another process does it, and it will be taken over
                    self._build(channel, lambda share: None, patience_s=0.0)

    def _compact(self, reached: Reached) -> None:
        channels = [
            channel for channel, live in self._channels.items() if live.base or self._policy.wants_base(live.index)
        ]
        for done, channel in enumerate(channels):
            self._build(channel, _part(reached, done, len(channels)), patience_s=0.0)

    def _build(self, channel: Channel, reached: Reached, patience_s: float) -> None:
        live = self._channels[channel]
        build_base(
            self._folder, self._store, channel, self._policy,
            known=live.base, previous=live.index.base, patience_s=patience_s,
            reached=self._background.unless_closing(reached),
        )  # fmt: skip
        self._take_over(channel)

    def _take_over(self, channel: Channel) -> None:
        """Opens the channel by its newest base; searches go on meanwhile."""
        live = self._opened(channel)
        if live is None:
            return
        with self._changing:
            with self._store.snapshot() as snapshot:
                kept_up = live.catch_up(snapshot, channel)
            if kept_up and self._channels:
                self._replace(channel, live)

    def _replace(self, channel: Channel, live: LiveChannel) -> None:
        with self._changing, self._searching.writing():
            self._channels = {**self._channels, channel: live}

    def _opened(self, channel: Channel) -> LiveChannel | None:
        return LiveChannel.open(self._folder, self._store, channel, self._policy)

    def _opened_or_built(self, channel: Channel) -> LiveChannel:
        live = self._opened(channel)
        if live is not None:
            return live
        try:
            known = self._store.base(channel)
            build_base(
                self._folder, self._store, channel, self._policy,
                known=known, reached=self._background.unless_closing(lambda share: None),
            )  # fmt: skip
            live = self._opened(channel)
        except CollectionClosed:
            raise
        except CollectionError as error:  # a full disk keeps nobody from searching
            self._background.rest()
            _log.warning("%s; until that is possible, all vectors are in memory and searched one by one", error.message)
        return live or LiveChannel.exact(self._store, channel)


def _part(reached: Reached, done: int, of: int) -> Reached:
    """Tells of one step what it means for all."""
    return lambda share: reached((done + share) / of)
