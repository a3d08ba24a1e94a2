"""A collection: a folder with items, pictures, vectors and the indexes over them. Knows no model: vectors come in ready
made, and the encoder is only asked for its name and fingerprint."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from content import Document
from indexer.encoded import EncodedItem
from indexer.item import Item, Picture
from indexer.manifest import Manifest
from indexer.protocols import Channel, Encoder, Vectors


class Collection:
    """Items with their vectors, durable on disk and searchable in memory; safe to use from several threads.

    SQLite holds the one truth; the FAISS indexes are derived from it and repaired on `open` wherever they differ.
    One process at a time may write; any number may read.
    """

    @classmethod
    def create(cls, folder: Path, encoder: Encoder) -> Self:
        """A new, empty collection in `folder`, which must not exist or be empty. Raises CollectionError otherwise."""
        raise NotImplementedError

    @classmethod
    def open(cls, folder: Path, encoder: Encoder | None = None) -> Self:
        """The collection in `folder`.

        encoder: the one that will make the vectors of queries and new items; None where no vectors will be compared.
        Raises NotFound when there is none, EncoderMismatch when another encoder made it, CollectionError when it is
        damaged or from a newer version.
        """
        raise NotImplementedError

    @classmethod
    def open_or_create(cls, folder: Path, encoder: Encoder) -> Self:
        raise NotImplementedError

    @property
    def name(self) -> str:
        """The name of the folder."""
        raise NotImplementedError

    @property
    def folder(self) -> Path:
        raise NotImplementedError

    @property
    def encoder_name(self) -> str:
        raise NotImplementedError

    @property
    def dimension(self) -> int:
        raise NotImplementedError

    @property
    def manifest(self) -> Manifest:
        """What the collection is now, read from the store."""
        raise NotImplementedError

    def __len__(self) -> int:
        """The number of items."""
        raise NotImplementedError

    def __contains__(self, item_id: object) -> bool:
        raise NotImplementedError

    def upsert(self, items: Sequence[EncodedItem]) -> None:
        """Stores the items, or none of them; when this returns they are on disk and found by the next search.

        An item with an id that is there replaces it wholly; of two with one id in a batch the last counts.
        Raises InvalidInput for an id that is empty, over 512 characters or holds control characters, for text that is
        no Unicode, for metadata that is no JSON, for vectors of another shape; CollectionError when another process
        writes.
        """
        raise NotImplementedError

    def delete(self, ids: Sequence[str]) -> int:
        """Removes items; ids that are not there are passed over. Returns how many were there."""
        raise NotImplementedError

    def get(self, ids: Sequence[str]) -> list[Item | None]:
        """The items in the order of `ids`, None for one that is not there."""
        raise NotImplementedError

    def picture(self, item_id: str) -> Picture:
        """The stored picture. Raises NotFound when there is no such item or it has no picture."""
        raise NotImplementedError

    def documents(self, ids: Sequence[str]) -> list[Document]:
        """What stage 2 reads, in the order of `ids`: Content, or Unreadable for an item that is gone or whose picture
        cannot be decoded."""
        raise NotImplementedError

    def digests(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The digest of each of these items that is there."""
        raise NotImplementedError

    def ids(self, limit: int, after: str | None = None) -> list[str]:
        """The next `limit` ids in ascending order, behind `after`."""
        raise NotImplementedError

    def count(self, channel: Channel) -> int:
        """The number of vectors in a channel; 0 means that searching it finds nothing."""
        raise NotImplementedError

    def nearest(self, channel: Channel, vectors: Vectors, k: int) -> list[list[tuple[str, float]]]:
        """For each row of `vectors` (n, d) the k items with the greatest inner product, best first.

        An item counts once, by its best vector; its score is a cosine in [-1, 1] when rows have unit length. Fewer
        than k pairs come back only where the channel holds fewer items.
        """
        raise NotImplementedError

    def save(self) -> None:
        """Writes the indexes and the manifest, so that the next `open` need not rebuild them. Items are safe before."""
        raise NotImplementedError

    def close(self) -> None:
        """Saves what changed and lets go of all files. Calling it twice is harmless."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
