"""What a process has in memory of a collection's vectors: kept up with what any process writes, and in good order.
Knows nothing of items."""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from content.errors import CollectionBusy, CollectionClosed, CollectionError
from indexer.base import BaseState, Reached, build_base, stored_base
from indexer.channel import LiveChannel
from indexer.locks import ReadWriteLock
from indexer.nearest import Found
from indexer.owners import Mask
from indexer.protocols import CHANNELS, Channel, Keys, Vectors
from indexer.store.items import ItemStore, Snapshot
from indexer.store.transaction import Change, Transaction
from indexer.vectors.live import IndexPolicy

_LOCK: Final = "compaction.lock"
_PATIENCE_S: Final = 300.0
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
        self._background = ThreadPoolExecutor(1, "settle")
        self._settling: Future[None] | None = None
        self._closing = False
        self._hurry = threading.Event()  # somebody waits for the thread
        # On the monotonic clock: when something was last written, and until when nothing is built after a failure.
        self._changed_at = 0.0
        self._wait_until = 0.0

    def load(self) -> None:
        """Reads the channels from disk, unless that is done."""
        if self._channels:
            return
        with self._changing:
            if not self._channels:
                self._version = self._store.version()
                self._channels = {channel: self._opened(channel) for channel in CHANNELS}

    def catch_up(self) -> None:
        """Takes in what other processes have written; microseconds where they have written nothing."""
        self.load()
        if self._store.version() == self._version:
            return
        with self._changing:
            version = self._store.version()
            if version == self._version:
                return
            with self._store.snapshot() as snapshot:
                moved = any(live.position != snapshot.position for live in self._channels.values())
                elsewhere = [
                    channel for channel, live in self._channels.items() if stored_base(snapshot, channel) != live.base
                ]
                lost = self._take_in(snapshot) if moved else []
            for channel in lost:  # too far behind
                self._replace(channel, self._opened(channel))
            self._version = version
        if elsewhere:
            self.settle_soon()

    def commit(self, transaction: Transaction, changes: Mapping[Channel, Change]) -> None:
        """Commits, and takes the changes in at the same moment; for who holds the collection's writer lock and has
        caught up."""
        with self._changing, self._searching.writing():
            transaction.commit()
            self._changed_at = time.monotonic()
            for channel, live in self._channels.items():
                live.apply(changes[channel])

    def nearest(self, channel: Channel, vectors: Vectors, k: int, allowed: Mask | None) -> list[list[Found]]:
        """As `nearest_items`, over all that any process had written when this was called."""
        self.catch_up()
        with self._searching.reading():
            return self._channels[channel].nearest(vectors, k, allowed)

    def items_of(self, keys: Keys) -> Keys:
        """The number of the item of each passage; -1 for none."""
        self.catch_up()
        with self._searching.reading():
            return self._channels["text"].items_of(keys)

    def count(self, channel: Channel) -> int:
        self.catch_up()
        return len(self._channels[channel])

    def bases(self) -> dict[Channel, BaseState | None]:
        """What the store says of each channel's base."""
        with self._store.snapshot() as snapshot:
            return {channel: stored_base(snapshot, channel) for channel in CHANNELS}

    def settle_soon(self) -> None:
        """Has a thread do what `settle` does, if there is anything to do."""
        if time.monotonic() < self._wait_until or not any(map(self._wants_work, CHANNELS)):
            return
        with self._changing:
            if not self._closing and (self._settling is None or self._settling.done()):
                self._settling = self._background.submit(self._settle_quietly)

    def settle(self) -> None:
        """Builds the bases that are wanted and takes over those that other processes built; waits until that is done.

        Raises CollectionError when the disk does not take them.
        """
        self.catch_up()
        self._in_turn(self._settle)

    def compact(self, reached: Reached) -> None:
        """Builds the base of every channel anew that has one or wants one. Raises CollectionBusy when another process
        does the same now."""
        self.catch_up()
        self._in_turn(lambda: self._compact(reached))

    def close(self) -> None:
        with self._changing:
            self._closing = True
            self._hurry.set()
        self._background.shutdown(cancel_futures=True)

    def _in_turn(self, work: Callable[[], None]) -> None:
        """Does it after what the thread is doing now, and waits for it."""
        with self._changing:
            if self._closing:
                raise CollectionClosed(f"the collection {self._folder.name} has been closed or removed meanwhile")
            done = self._background.submit(work)
        self._hurry.set()
        try:
            done.result()
        finally:
            self._hurry.clear()

    def _take_in(self, snapshot: Snapshot) -> list[Channel]:
        """Gives the channels that are too far behind for that."""
        changes = {channel: snapshot.change(channel, live.position) for channel, live in self._channels.items()}
        self._changed_at = time.monotonic()
        with self._searching.writing():
            for channel, change in changes.items():
                if change is not None:
                    self._channels[channel].apply(change)
        return [channel for channel, change in changes.items() if change is None]

    def _wants_work(self, channel: Channel) -> bool:
        live = self._channels.get(channel)
        return live is not None and (self._policy.wants_base(live.index) or self.bases()[channel] != live.base)

    def _settle_quietly(self) -> None:
        try:
            self._wait_for_a_pause()
            self._settle()
        except CollectionClosed:
            return
        except CollectionError as error:
            self._wait_until = time.monotonic() + _PATIENCE_S
            _log.warning("%s; the search goes on with the index as it was", error.message)
        except Exception:  # noqa: BLE001  # nobody waits for this thread: whatever it was, it is in the log
            _log.exception("the index of %s could not be brought into order", self._folder)

    def _wait_for_a_pause(self) -> None:
        """In the middle of a long load an index would be out of date as soon as it was built."""
        while not any(self._policy.is_overdue(live.index) for live in self._channels.values()):
            left = self._changed_at + _PAUSE_S - time.monotonic()
            if left <= 0 or self._hurry.wait(left):
                return

    def _settle(self) -> None:
        for channel in CHANNELS:
            if self.bases()[channel] != self._channels[channel].base:
                self._take_over(channel)
            if self._policy.wants_base(self._channels[channel].index):
                with self._compacting() as alone:
                    if alone:
                        self._build(channel, lambda share: None)

    def _compact(self, reached: Reached) -> None:
        channels = [
            channel for channel, live in self._channels.items() if live.base or self._policy.wants_base(live.index)
        ]
        with self._compacting() as alone:
            if not alone:
                raise CollectionBusy(
                    f"another process is compacting {self._folder} now; wait until it has finished, then try again"
                )
            for done, channel in enumerate(channels):
                self._build(channel, _part(reached, done, len(channels)))

    def _build(self, channel: Channel, reached: Reached) -> None:
        def go_on(share: float) -> None:
            if self._closing:
                raise CollectionClosed(f"the collection {self._folder.name} is being closed")
            reached(share)

        build_base(self._folder, self._store, channel, self._policy, self._channels[channel].index.base, go_on)
        self._take_over(channel)

    def _take_over(self, channel: Channel) -> None:
        live = self._opened(channel)
        with self._changing:
            with self._store.snapshot() as snapshot:
                kept_up = live.catch_up(snapshot, channel)
            if kept_up:
                self._replace(channel, live)

    def _replace(self, channel: Channel, live: LiveChannel) -> None:
        with self._changing, self._searching.writing():
            self._channels[channel] = live

    def _opened(self, channel: Channel) -> LiveChannel:
        return LiveChannel.open(self._folder, self._store, channel, self._policy)

    @contextmanager
    def _compacting(self) -> Iterator[bool]:
        """Whether this is the one process that builds bases, for the length of the block."""
        descriptor = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
            else:
                yield True
        finally:
            os.close(descriptor)


def _part(reached: Reached, done: int, of: int) -> Reached:
    """Tells of one step what it means for all."""
    return lambda share: reached((done + share) / of)
