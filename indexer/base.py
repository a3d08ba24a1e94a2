"""The base of a channel: the file with a quantised index over its vectors, opened and built. Knows nothing of what a
process has in memory."""

import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from content.errors import CollectionClosed, CollectionError
from indexer.locks import ProcessLock
from indexer.names import BUILD_LOCK
from indexer.protocols import Channel
from indexer.store.base_state import BaseState
from indexer.store.items import ItemStore
from indexer.vectors.live import IndexPolicy
from indexer.vectors.quantized import OpenedIndex, QuantizedIndex

Reached = Callable[[float], None]
_PATIENCE_S: Final = 600.0  # that another build may take


def open_base(folder: Path, state: BaseState) -> OpenedIndex:
    """Raises NotFound and CollectionError where the file is gone, damaged or of another collection."""
    opened = QuantizedIndex.open(folder / state.file)
    if len(opened.index) != state.vectors:
        raise CollectionError(f"the index {folder / state.file} belongs to another collection")
    return opened


def build_base(
    folder: Path,
    store: ItemStore,
    channel: Channel,
    policy: IndexPolicy,
    *,
    known: BaseState | None,
    previous: QuantizedIndex | None = None,
    reached: Reached = lambda share: None,
    patience_s: float = _PATIENCE_S,
) -> None:
    """Builds the channel's base anew over all that is stored, writes it, and makes it the one that counts.

    known: the one that is to be replaced; where another process has done so already, nothing is done. previous: its
    trained quantisers are used again while they are good enough. reached: is told the share that is done, and may raise
    to stop. patience_s: how long to wait for another process that is building.
    Raises CollectionBusy when that takes longer, CollectionError when the disk does not take the index; then the
    earlier base stays.
    """
    # Another process that builds at the same time would remove the file that is not yet named.
    with ProcessLock(folder / BUILD_LOCK, "building an index of", patience_s).held():
        if store.base(channel) != known:
            return
        with store.snapshot() as snapshot:
            position = snapshot.position
            keys, items = snapshot.owners(channel)
            index = QuantizedIndex.build(
                keys, snapshot.vectors, store.info.dimension, target=policy.target, trained=previous, reached=reached
            )
        if not store.is_current():  # the folder may be that of another collection by now
            raise CollectionClosed(f"the collection {folder.name} has been removed or replaced meanwhile")
        name = f"{channel}-{uuid.uuid4().hex}.faiss"
        _remove(folder.glob(f".{channel}-*.faiss.tmp"))  # of a process that was killed
        index.save(folder / name, items)
        state = BaseState(name, position.key, position.removal, index.kind, index.recall, index.k_factor, len(index))
        try:
            with store.transaction() as transaction:
                transaction.set_base(channel, state)
        except BaseException:
            _remove([folder / name])  # a full disk needs its room
            raise
        _remove(path for path in folder.glob(f"{channel}-*.faiss") if path.name != name)


def _remove(paths: Iterable[Path]) -> None:
    """What cannot be removed is left for `check`."""
    for path in paths:
        with suppress(OSError):
            path.unlink()
