"""The base of a channel: the file with a quantised index over its vectors, and what the store knows of it."""

import json
import logging
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from content.errors import CollectionClosed, CollectionError, NotFound
from indexer.protocols import CHANNELS, Channel, Keys
from indexer.store.items import ItemStore, Snapshot
from indexer.store.position import Position
from indexer.vectors.live import IndexPolicy
from indexer.vectors.quantized import QuantizedIndex

_log = logging.getLogger(__name__)
Reached = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class BaseState:
    """What the store knows of a base: the one file that counts, and up to where it holds the changes.

    kind: as FAISS writes it. recall: measured when it was built. vectors: how many it holds.
    """

    file: str
    key: int
    removal: int
    kind: str
    recall: float
    k_factor: int
    vectors: int

    @property
    def position(self) -> Position:
        return Position(self.key, self.removal)

    @classmethod
    def read(cls, written: str | None) -> "BaseState | None":
        """None where nothing is written, or nothing that can be read: then the base is built again."""
        try:
            return None if written is None else cls(**json.loads(written))
        except (TypeError, ValueError):
            return None


def info_key(channel: Channel) -> str:
    """Under which name `info` keeps the state of a channel's base."""
    return f"base_{channel}"


def open_base(folder: Path, state: BaseState) -> tuple[QuantizedIndex, Keys] | None:
    """The index and the item of each of its keys; None, with a message in the log, where the file is gone or damaged
    and the base must be built again."""
    path = folder / state.file
    try:
        opened = QuantizedIndex.open(path)
    except (NotFound, CollectionError) as error:
        _log.warning("%s; building it again from the stored vectors", error.message)
        return None
    if len(opened.index) != state.vectors:
        _log.warning("the index %s belongs to another collection; building it again from the stored vectors", path)
        return None
    return opened.index, opened.items


def build_base(
    folder: Path,
    store: ItemStore,
    channel: Channel,
    policy: IndexPolicy,
    previous: QuantizedIndex | None,
    reached: Reached = lambda share: None,
) -> BaseState:
    """Builds the channel's base anew over all that is stored, writes it, and makes it the one that counts.

    previous: its trained quantisers are used again while they are good enough. reached: is told the share that is done,
    and may raise to stop. Raises CollectionError when the disk does not take it; then the earlier base stays.
    """
    with store.snapshot() as snapshot:
        position = snapshot.position
        keys, items = snapshot.owners(channel)
        index = QuantizedIndex.build(
            keys, snapshot.vectors, store.info.dimension, target=policy.target, trained=previous, reached=reached
        )
    if not store.is_current():  # the folder may be that of another collection by now
        raise CollectionClosed(f"the collection {folder.name} has been removed or replaced meanwhile")
    name = f"{channel}-{uuid.uuid4().hex}.faiss"
    index.save(folder / name, items)
    state = BaseState(name, position.key, position.removal, index.kind, index.recall, index.k_factor, len(index))
    try:
        with store.transaction() as transaction:
            transaction.write_info(info_key(channel), json.dumps(asdict(state)))
    except BaseException:
        (folder / name).unlink(missing_ok=True)  # a full disk needs its room
        raise
    _forget(store)
    for path in folder.glob(f"{channel}-*.faiss"):
        if path.name != name:
            path.unlink(missing_ok=True)
    return state


def stored_base(snapshot: Snapshot, channel: Channel) -> BaseState | None:
    return BaseState.read(snapshot.info(info_key(channel)))


def _forget(store: ItemStore) -> None:
    """Drops the removals that every base has in it already."""
    states = [BaseState.read(store.read_info(info_key(channel))) for channel in CHANNELS]
    with store.transaction() as transaction:
        transaction.forget_removals(min(state.removal for state in states if state is not None))
