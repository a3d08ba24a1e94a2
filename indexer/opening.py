"""The store in a collection's folder: made, opened, held against an encoder, carried over from an earlier format. Knows
nothing of indexes."""

import time
from contextlib import suppress
from pathlib import Path

from content.errors import CollectionError, EncoderMismatch, NotFound
from indexer.files import flush
from indexer.locks import ProcessLock
from indexer.manifest import FILE_NAME as MANIFEST
from indexer.names import BUILD_LOCK, STORE, WRITER_LOCK
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
    with ProcessLock(folder / WRITER_LOCK).held():
        if _holds_store(folder / STORE):
            raise CollectionError(f"there is a collection in {folder} already")
        _check_not_lost(folder)
        info = StoreInfo(encoder.name, encoder.fingerprint, encoder.dimension, time.time())
        ItemStore.create(folder / STORE, info)
    with suppress(OSError):  # not every file system can
        flush(folder)
        flush(folder.parent)


def open_store(folder: Path) -> tuple[ItemStore, bool]:
    """The store in `folder`, and whether it had an earlier format until now.

    Raises NotFound when there is none, CollectionError when it is damaged or from a newer version.
    """
    try:
        return ItemStore.open(folder / STORE), False
    except OldFormat:
        carry_over(folder / STORE, ProcessLock(folder / WRITER_LOCK))
    except NotFound:
        _check_not_lost(folder)
        raise
    return ItemStore.open(folder / STORE), True


def check_encoder(collection: str, info: StoreInfo, encoder: Encoder) -> None:
    """Raises EncoderMismatch, naming both, unless the encoder is the one that made the collection's vectors."""
    if (encoder.fingerprint, encoder.dimension) == (info.fingerprint, info.dimension):
        return
    if encoder.name == info.encoder:
        made = (
            f"by other weights of the encoder {info.encoder} ({info.fingerprint[:12]}, now {encoder.fingerprint[:12]})"
        )
        advice = "index again into a new collection"
    else:
        made = (
            f"by the encoder {info.encoder} (weights {info.fingerprint[:12]}), and the one at hand is {encoder.name} "
            f"(weights {encoder.fingerprint[:12]})"
        )
        advice = "take that encoder, or index into a new collection"
    raise EncoderMismatch(f"the collection {collection} was made {made}; {advice}", param="encoder")


def _check_not_lost(folder: Path) -> None:
    """Raises CollectionError where there is no store but has been one: a manifest is written last, when one is made."""
    if (folder / MANIFEST).is_file():
        raise CollectionError(
            f"the collection in {folder} is damaged: {STORE} is empty or not there; restore it from a backup, or "
            "remove the folder"
        )


def holds_collection(folder: Path) -> bool:
    """Whether there is a collection, of this format or an earlier one, if only a damaged one."""
    try:
        return _holds_store(folder / STORE) or (folder / MANIFEST).is_file()
    except CollectionError:
        return True


def _is_leftover(name: str) -> bool:
    """Whether a file is one of a collection: there may be some without the store when its making was interrupted."""
    return name in (WRITER_LOCK, BUILD_LOCK, MANIFEST) or name.startswith(STORE) or name.endswith((".faiss", ".tmp"))


def _holds_store(path: Path) -> bool:
    """Whether the file is a store, of this format or an earlier one. Raises CollectionError for one that is damaged."""
    try:
        ItemStore.open(path).close()
    except NotFound:
        return False
    except OldFormat:
        return True
    return True
