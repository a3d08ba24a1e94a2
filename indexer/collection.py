"""A collection: a folder with items, pictures, vectors and the indexes over them. Knows no model: vectors come in ready
made, and the encoder is only asked for its name and fingerprint."""

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from content import Document
from content.errors import CollectionBusy, CollectionClosed, CollectionError, InvalidInput, NotFound
from indexer.allowed import AllowedItems
from indexer.base import Reached
from indexer.checking.report import CheckReport, OnPart
from indexer.checking.run import Check
from indexer.described import described
from indexer.encoded import EncodedItem
from indexer.filters import Filter
from indexer.item import Item, Passage, Picture
from indexer.locks import ProcessLock
from indexer.manifest import Manifest
from indexer.names import WRITER_LOCK
from indexer.opening import check_encoder, make_store, open_store
from indexer.protocols import Channel, Encoder, Vectors
from indexer.ranking import Placed, Ranking
from indexer.readable import readable
from indexer.store.items import ItemStore
from indexer.usage import Usage, usage
from indexer.vectors.live import IndexPolicy
from indexer.view import View
from indexer.words import rank_by_words

_log = logging.getLogger(__name__)


class Collection:
    """Items with their vectors, durable on disk and searchable in memory; safe to use from several threads.

    SQLite holds the one truth; the indexes are derived from it, and built again wherever they differ. One process at a
    time writes; all see what was written by the next search.
    """

    def __init__(self, folder: Path, store: ItemStore, policy: IndexPolicy | None = None) -> None:
        self._folder = folder
        self._store = store
        self._policy = policy or IndexPolicy()
        self._view = View(folder, store, self._policy)
        self._allowed = AllowedItems(store)
        self._writer = ProcessLock(folder / WRITER_LOCK)
        self._mutex = threading.RLock()  # one writing thread
        self._written = False  # since the manifest was

    @classmethod
    def create(cls, folder: Path, encoder: Encoder, policy: IndexPolicy | None = None) -> Self:
        """A new, empty collection in `folder`, which must not exist or be empty. Raises CollectionError otherwise."""
        make_store(folder, encoder)
        collection = cls.open(folder, encoder, policy)
        collection.save()
        return collection

    @classmethod
    def open(cls, folder: Path, encoder: Encoder | None = None, policy: IndexPolicy | None = None) -> Self:
        """The collection in `folder`.

        encoder: the one that makes the vectors of queries and new items; None to look at the items only, which opens
        without reading the indexes. policy: when an index is exact, and what recall it is to have where it is not.
        Raises NotFound when there is none, EncoderMismatch when another encoder made it, CollectionError when it is
        damaged or from a newer version.
        """
        store, carried_over = open_store(folder)
        collection = cls(folder, store, policy)
        collection._written = carried_over
        try:
            if encoder is not None:
                check_encoder(folder.absolute().name, collection._store.info, encoder)
                collection._view.load()
        except BaseException:
            collection._store.close()
            raise
        return collection

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

    def is_current(self) -> bool:
        """Whether its file is still the one in the folder: another process may have dropped or replaced it; then it is
        to be opened again. Microseconds."""
        return self._store.is_current()

    @property
    def manifest(self) -> Manifest:
        """What the collection is now, read from the store."""
        return described(self._store, self._view.bases())

    def usage(self) -> Usage:
        """How much room it takes, and how far it has moved from its indexes."""
        return usage(self._folder, self._store)

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
        with self._one_writer():
            with self._store.transaction() as transaction:
                changes = transaction.upsert(items)
                self._view.commit(transaction, changes)
            self._written = True
            self._view.settle_soon()

    def delete(self, ids: Sequence[str]) -> int:
        """Removes items; ids that are not there are passed over. Returns how many were there."""
        with self._one_writer():
            with self._store.transaction() as transaction:
                count, changes = transaction.delete(ids)
                self._view.commit(transaction, changes)
            self._written = True
            self._view.settle_soon()
        return count

    def get(self, ids: Sequence[str]) -> list[Item | None]:
        """The items in the order of `ids`, None for one that is not there."""
        items = self._store.get(ids)
        return [items.get(item_id) for item_id in ids]

    def picture(self, item_id: str) -> Picture:
        """The stored picture. Raises NotFound when there is no such item or it has no picture."""
        picture = self._store.picture(item_id)
        if picture is None:
            reason = "has no picture" if item_id in self else "is not there"
            raise NotFound(f"item {item_id[:80]!r} of collection {self.name} {reason}", param="id")
        return picture

    def documents(self, ids: Sequence[str], passages: Sequence[Passage | None] | None = None) -> list[Document]:
        """What stage 2 reads, in the order of `ids`: Content, or Unreadable for an item that is gone or whose picture
        cannot be decoded. What was read off a picture stands before the user's text.

        passages: what of each item a model is to read that cannot read all of it.
        """
        contents = self._store.contents(ids)
        wanted = passages if passages is not None else [None] * len(ids)
        return [readable(contents.get(item_id), passage) for item_id, passage in zip(ids, wanted, strict=True)]

    def digests(self, ids: Sequence[str], *, read: bool = False) -> dict[str, bytes]:
        """The digest of each of these items that is there; with `read` those are left out whose picture nobody has
        looked at for text."""
        return self._store.digests(ids, read=read)

    def ids(self, limit: int, after: str | None = None) -> list[str]:
        """The next `limit` ids in ascending order, behind `after`."""
        return self._store.ids(limit, after)

    def sample(self, count: int) -> list[str]:
        """At most `count` ids, spread evenly over the collection in the order in which items came; always the same ones
        until it changes. Microseconds, however large it is."""
        return self._store.sample(count)

    def fields(self) -> list[str]:
        """The names of all metadata that its items have."""
        return self._store.fields()

    def page(self, limit: int, *, after: str | None = None, before: str | None = None) -> list[Item]:
        """The next `limit` items in ascending order of ids: behind `after`, or the last ones before `before`. As quick
        at the end of a large collection as at its beginning."""
        return self._store.page(limit, after, before)

    def count(self, channel: Channel) -> int:
        """The number of vectors in a channel; 0 means that searching it finds nothing."""
        return self._view.count(channel)

    def in_memory(self) -> Mapping[Channel, int]:
        """How many vectors of each channel this process searches now, without a look at what others have written;
        waits for nobody."""
        return self._view.in_memory()

    def nearest(self, channel: Channel, vectors: Vectors, k: int, wanted: Filter | None = None) -> list[Ranking]:
        """For each row of `vectors` (n, d) the k items with the greatest inner product, best first.

        An item counts once, by its best vector; its score is a cosine in [-1, 1] when rows have unit length. wanted:
        only items that pass this filter are found. Fewer than k come back only where the channel holds fewer such
        items. Raises InvalidInput for k < 1 and for vectors of another shape.
        """
        if k < 1:
            raise InvalidInput(f"k is at least 1, not {k}", param="k")
        if vectors.ndim != 2 or vectors.shape[1] != self.dimension:
            raise InvalidInput(f"the collection is searched by vectors (n, {self.dimension}), not {vectors.shape}")
        found = self._view.nearest(channel, vectors, k, self._allowed.mask(wanted))
        ids = self._store.ids_of(list({each.item for row in found for each in row}))
        return [[Placed(ids[one.item], one.score, one.key) for one in row if one.item in ids] for row in found]

    def by_words(self, query: str, k: int, side: Channel | None = None, wanted: Filter | None = None) -> Ranking:
        """The k items whose id, metadata, text or OCR hold words of the query, best first by BM25; an item counts once,
        by its best row. side: only items with such vectors are found; wanted: only those that pass this filter."""
        found = rank_by_words(self._store, self._view.items_of, query, k, side, self._allowed.mask(wanted))
        ids = self._store.ids_of([one.item for one in found])
        return [Placed(ids[one.item], one.score, one.key) for one in found if one.item in ids]

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """What each of these vectors was made from, where it was made from a text that is still there."""
        return self._store.passages(keys)

    def save(self) -> None:
        """Brings the indexes and the manifest up to date on disk, so that the next `open` is quick. Items are safe
        before. Raises CollectionError when the disk does not take them."""
        self._view.settle()
        self._write_manifest()

    def compact(self, reached: Reached = lambda share: None) -> None:
        """Builds the indexes of large channels anew over all that is there, and gives back the room that deleted items
        left in the file. reached: is told the share that is done. Raises CollectionError when the disk does not take
        it, or another process writes or does the same now."""
        self._view.compact(reached)
        with self._one_writer():
            self._store.compact()
        self._write_manifest()

    def check(self, repair: bool = True, on_part: OnPart = lambda part: None) -> CheckReport:
        """Compares all that is derived with what it is derived from, and builds it again where it is wrong. Without
        `repair` it only tells. on_part: is told what is looked at. Raises CollectionError when another process writes,
        or the disk does not take a repair."""
        return Check(self._folder, self._store, self._policy, self._alone, lambda: self.manifest, repair).run(on_part)

    def close(self) -> None:
        """Lets go of all files, the manifest up to date. Calling it twice is harmless."""
        self._view.close()
        if self._written and self.is_current():
            try:
                self._write_manifest(patience_s=0.0)
            except CollectionBusy:  # who writes now will write it too
                pass
            except CollectionError as error:  # nothing reads it but people
                _log.warning("%s", error.message)
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write_manifest(self, patience_s: float | None = None) -> None:
        with self._mutex, self._writer.held(patience_s):
            self.manifest.write(self._folder)
            self._written = False

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        with self._alone():
            self._view.catch_up()
            yield

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._mutex, self._writer.held():
            if not self._store.is_current():
                raise CollectionClosed(f"the collection {self.name} has been removed or replaced meanwhile")
            yield
