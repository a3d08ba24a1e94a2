"""How much room a collection takes, and how far it has moved from its indexes. Knows nothing of searching."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.names import STORE
from indexer.protocols import CHANNELS, Channel
from indexer.store.items import ItemStore
from indexer.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Drift:
    """fresh: how many vectors came since the index was built, and are searched one by one. dead: how many of the index
    are gone. `lychee collection compact` brings both to 0, and a server does so by itself when they grow."""

    fresh: int
    dead: int


@dataclass(frozen=True, slots=True)
class Usage:
    """store, indexes: bytes on disk of the SQLite file with all that belongs to it, and of the index files. drift: of
    the channels that have an index on disk."""

    store: int
    indexes: int
    drift: Mapping[Channel, Drift]


def usage(folder: Path, store: ItemStore) -> Usage:
    with store.snapshot() as snapshot:
        drifts = {channel: _drift(snapshot, channel) for channel in CHANNELS}
    return Usage(
        store=store_bytes(folder),
        indexes=index_bytes(folder),
        drift={channel: drift for channel, drift in drifts.items() if drift is not None},
    )


def store_bytes(folder: Path) -> int:
    """The SQLite file with all that belongs to it, on disk."""
    return _size(folder, f"{STORE}*")


def index_bytes(folder: Path) -> int:
    """The index files, on disk."""
    return _size(folder, "*.faiss")


def _drift(snapshot: Snapshot, channel: Channel) -> Drift | None:
    base = snapshot.base(channel)
    if base is None:
        return None
    count, fresh = snapshot.count(channel), snapshot.count(channel, after=base.key)
    return Drift(fresh, base.vectors - (count - fresh))


def _size(folder: Path, pattern: str) -> int:
    size = 0
    for path in folder.glob(pattern):
        try:
            size += path.stat().st_size
        except FileNotFoundError:  # replaced meanwhile
            continue
    return size
