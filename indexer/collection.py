"""A collection: a folder with items, pictures, vectors and the indexes over them. Knows no model: vectors come in ready
made, and the encoder is only asked for its name and fingerprint."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from content import Content, Document, Unreadable
from content.errors import CollectionError, InvalidInput, LycheeError, NotFound
from content.images import load_image
from indexer.checks import check_encoder
from indexer.database import SCHEMA_VERSION
from indexer.encoded import EncodedItem
from indexer.faiss_index import FaissIndex
from indexer.item import Item, Picture
from indexer.locks import ReadWriteLock, WriterLock
from indexer.manifest import FILE_NAME as MANIFEST
from indexer.manifest import IndexState, Manifest
from indexer.nearest import Ranking, nearest_items
from indexer.protocols import CHANNELS, Channel, Encoder, Vectors
from indexer.repair import opened_index
from indexer.store import ItemStore, StoredContent, StoreInfo
from indexer.transaction import Change

_STORE: Final = "collection.sqlite"
_LOCK: Final = "writer.lock"
_log = logging.getLogger(__name__)


class Collection:
    """Items with their vectors, durable on disk and searchable in memory; safe to use from several threads.

    SQLite holds the one truth; the FAISS indexes are derived from it and repaired on `open` wherever they differ.
    One process at a time may write; any number may read what was there when they opened it.
    """

    def __init__(self, folder: Path, store: ItemStore) -> None:
        self._folder = folder
        self._store = store
        self._indexes: dict[Channel, FaissIndex] | None = None
        self._unsaved = False
        self._writer = WriterLock(folder / _LOCK)
        self._mutex = threading.RLock()  # one writing thread
        self._searching = ReadWriteLock()  # the indexes in memory, and the moment of a commit

    @classmethod
    def create(cls, folder: Path, encoder: Encoder) -> Self:
        """A new, empty collection in `folder`, which must not exist or be empty. Raises CollectionError otherwise."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            strange = sorted(path.name for path in folder.iterdir() if not _is_leftover(path.name))
        except OSError as error:
            raise CollectionError(f"cannot make the folder {folder}: {error.strerror}") from error
        if strange:
            raise CollectionError(f"cannot make a collection in {folder}: the folder holds other files ({strange[0]})")
        with WriterLock(folder / _LOCK).held():
            if _holds_collection(folder / _STORE):
                raise CollectionError(f"there is a collection in {folder} already")
            info = StoreInfo(encoder.name, encoder.fingerprint, encoder.dimension, time.time())
            ItemStore.create(folder / _STORE, info)
        collection = cls.open(folder, encoder)
        collection.save()
        return collection

    @classmethod
    def open(cls, folder: Path, encoder: Encoder | None = None) -> Self:
        """The collection in `folder`.

        encoder: the one that makes the vectors of queries and new items; None to look at the items only, which opens
        without reading the indexes.
        Raises NotFound when there is none, EncoderMismatch when another encoder made it, CollectionError when it is
        damaged or from a newer version.
        """
        collection = cls(folder, ItemStore.open(folder / _STORE))
        try:
            if encoder is not None:
                check_encoder(folder.absolute().name, collection._store.info, encoder)
                collection._loaded()
        except BaseException:
            collection._store.close()
            raise
        return collection

    @classmethod
    def open_or_create(cls, folder: Path, encoder: Encoder) -> Self:
        """Raises as `open` and `create` do."""
        try:
            return cls.open(folder, encoder)
        except NotFound:
            return cls.create(folder, encoder)

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self._folder.absolute().name

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def encoder_name(self) -> str:
        """The encoder that made the vectors, as its user named it."""
        return self._store.info.encoder

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._store.info.dimension

    @property
    def manifest(self) -> Manifest:
        """What the collection is now, read from the store."""
        info, counts = self._store.info, self._store.counts()
        return Manifest(
            format=SCHEMA_VERSION,
            encoder=info.encoder,
            fingerprint=info.fingerprint,
            dimension=info.dimension,
            metric="inner product",
            items=len(self._store),
            indexes={channel: IndexState(FaissIndex.kind, counts[channel], FaissIndex.recall) for channel in CHANNELS},
        )

    def __len__(self) -> int:
        """The number of items."""
        return len(self._store)

    def __contains__(self, item_id: object) -> bool:
        return isinstance(item_id, str) and bool(self._store.digests([item_id]))

    def upsert(self, items: Sequence[EncodedItem]) -> None:
        """Stores the items, or none of them; when this returns they are on disk and found by the next search.

        An item with an id that is there replaces it wholly; of two with one id in a batch the last counts.
        Raises InvalidInput for an id that is empty, over 512 characters or holds control characters, for text that is
        no Unicode, for metadata that is no JSON, for vectors of another shape; CollectionError when another process
        writes.
        """
        with self._one_writer(), self._store.transaction() as transaction:
            change = transaction.upsert(items)
            with self._searching.writing():
                transaction.commit()
                self._apply(change)

    def delete(self, ids: Sequence[str]) -> int:
        """Removes items; ids that are not there are passed over. Returns how many were there."""
        with self._one_writer(), self._store.transaction() as transaction:
            count, change = transaction.delete(ids)
            with self._searching.writing():
                transaction.commit()
                self._apply(change)
        return count

    def writing(self) -> AbstractContextManager[None]:
        """Keeps other processes from writing for the length of a block; without it they are kept away per call.

        Raises CollectionError when another process writes.
        """
        return self._writer.held()

    def get(self, ids: Sequence[str]) -> list[Item | None]:
        """The items in the order of `ids`, None for one that is not there."""
        items = self._store.get(ids)
        return [items.get(item_id) for item_id in ids]

    def picture(self, item_id: str) -> Picture:
        """The stored picture. Raises NotFound when there is no such item or it has no picture."""
        picture = self._store.picture(item_id)
        if picture is None:
            reason = "has no picture" if item_id in self else "is not there"
            raise NotFound(f"item {item_id!r} of collection {self.name} {reason}", param="id")
        return picture

    def documents(self, ids: Sequence[str]) -> list[Document]:
        """What stage 2 reads, in the order of `ids`: Content, or Unreadable for an item that is gone or whose picture
        cannot be decoded."""
        contents = self._store.contents(ids)
        return [_document(contents.get(item_id)) for item_id in ids]

    def digests(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The digest of each of these items that is there."""
        return self._store.digests(ids)

    def ids(self, limit: int, after: str | None = None) -> list[str]:
        """The next `limit` ids in ascending order, behind `after`."""
        return self._store.ids(limit, after)

    def count(self, channel: Channel) -> int:
        """The number of vectors in a channel; 0 means that searching it finds nothing."""
        return len(self._loaded()[channel])

    def nearest(self, channel: Channel, vectors: Vectors, k: int) -> list[Ranking]:
        """For each row of `vectors` (n, d) the k items with the greatest inner product, best first, as (id, score).

        An item counts once, by its best vector; its score is a cosine in [-1, 1] when rows have unit length. Fewer
        than k pairs come back only where the channel holds fewer items. Raises InvalidInput for k < 1 and for vectors
        of another shape.
        """
        if k < 1:
            raise InvalidInput(f"k is at least 1, not {k}", param="k")
        if vectors.ndim != 2 or vectors.shape[1] != self.dimension:
            raise InvalidInput(f"the collection is searched by vectors (n, {self.dimension}), not {vectors.shape}")
        index = self._loaded()[channel]
        with self._searching.reading():
            return nearest_items(index, self._store.owners, vectors, k)

    def save(self) -> None:
        """Writes the indexes and the manifest, so that the next `open` need not rebuild them. Items are safe before."""
        with self._one_writer():
            for channel, index in self._loaded().items():
                index.save(_index_path(self._folder, channel))
            self.manifest.write(self._folder)
            self._unsaved = False

    def close(self) -> None:
        """Saves the indexes if they changed, and lets go of all files. Calling it twice is harmless."""
        if self._unsaved:
            try:
                self.save()
            except CollectionError as error:
                _log.warning("%s; the indexes of %s will be rebuilt when it is opened", error.message, self.name)
            self._unsaved = False
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        with self._mutex, self._writer.held():
            self._loaded()
            yield

    def _loaded(self) -> dict[Channel, FaissIndex]:
        if self._indexes is None:
            with self._mutex:
                if self._indexes is None:
                    opened = {
                        channel: opened_index(_index_path(self._folder, channel), self._store, channel)
                        for channel in CHANNELS
                    }
                    self._unsaved = any(differs for _, differs in opened.values())
                    self._indexes = {channel: index for channel, (index, _) in opened.items()}
        return self._indexes

    def _apply(self, change: Change) -> None:
        for channel, index in self._loaded().items():
            index.remove(change.removed[channel])
            if channel in change.added:
                index.add(*change.added[channel])
        self._unsaved = True


def _index_path(folder: Path, channel: Channel) -> Path:
    return folder / f"{channel}.faiss"


def _is_leftover(name: str) -> bool:
    """Whether a file is one of a collection: there may be some without the store when its making was interrupted."""
    return name in (_LOCK, MANIFEST) or name.startswith(_STORE) or name.endswith((".faiss", ".tmp"))


def _holds_collection(path: Path) -> bool:
    try:
        ItemStore.open(path).close()
    except NotFound:
        return False
    return True


def _document(stored: StoredContent | None) -> Document:
    if stored is None:
        return Unreadable("the item is no longer in the collection")
    try:
        return Content(stored.text, None if stored.picture is None else load_image(stored.picture))
    except LycheeError as error:
        return Unreadable(error.message)
