"""The store in a collection's folder: made, opened, carried over from an earlier format. Knows nothing of indexes."""

import time
from pathlib import Path

from content.errors import CollectionError, NotFound
from indexer.locks import WriterLock
from indexer.manifest import FILE_NAME as MANIFEST
from indexer.names import STORE, WRITER_LOCK
from indexer.protocols import Encoder
from indexer.store.database import OldFormat
from indexer.store.info import StoreInfo
from indexer.store.items import ItemStore
from indexer.store.migration import carry_over


def make_store(folder: Path, encoder: Encoder) -> None:
    """A new, empty store in `folder`, which must not exist or be empty. Raises CollectionError otherwise."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strange = sorted(path.name for path in folder.iterdir() if not _is_leftover(path.name))
    except OSError as error:
        raise CollectionError(f"cannot make the folder {folder}: {error.strerror}") from error
    if strange:
        raise CollectionError(f"cannot make a collection in {folder}: the folder holds other files ({strange[0]})")
    with WriterLock(folder / WRITER_LOCK).held():
        if _holds_store(folder / STORE):
            raise CollectionError(f"there is a collection in {folder} already")
        info = StoreInfo(encoder.name, encoder.fingerprint, encoder.dimension, time.time())
        ItemStore.create(folder / STORE, info)


def open_store(folder: Path) -> tuple[ItemStore, bool]:
    """The store in `folder`, and whether it had an earlier format until now.

    Raises NotFound when there is none, CollectionError when it is damaged or from a newer version.
    """
    try:
        return ItemStore.open(folder / STORE), False
    except OldFormat:
        carry_over(folder / STORE, WriterLock(folder / WRITER_LOCK))
    except NotFound as error:
        if (folder / MANIFEST).is_file():  # written last, when a collection is made
            raise CollectionError(
                f"the collection in {folder} is damaged: {STORE} is empty or not there; restore it from a backup, or "
                "remove the folder"
            ) from error
        raise
    return ItemStore.open(folder / STORE), True


def _is_leftover(name: str) -> bool:
    """Whether a file is one of a collection: there may be some without the store when its making was interrupted."""
    return name in (WRITER_LOCK, MANIFEST) or name.startswith(STORE) or name.endswith((".faiss", ".tmp"))


def _holds_store(path: Path) -> bool:
    try:
        ItemStore.open(path).close()
    except NotFound:
        return False
    except OldFormat:
        return True
    return True
