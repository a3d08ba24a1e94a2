"""What stage 2 reads of candidates, and what tells one reading from another. Knows no judge and no scores."""

from collections.abc import Sequence
from typing import Protocol

from content import Document
from content.errors import LycheeError
from evaluation.folder.folder import BeirFolder
from evaluation.folder.recalled import Recalled
from evaluation.scores.keys import framed
from indexer.collection import Collection
from indexer.record import digest


class Documents(Protocol):
    """Where documents are read from; on several threads at a time."""

    def keys(self, found: Sequence[Recalled]) -> list[bytes | None]:
        """16 bytes for each, other ones whenever the document reads otherwise; None for one that is not there. Cheap:
        decodes no picture."""

    def read(self, found: Sequence[Recalled]) -> Sequence[Document]:
        """Each of them, Unreadable where it is not there or cannot be read."""


class StoredDocuments:
    """Those of a collection, as a search reads them: the passage that was found in the middle of what is read."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    def keys(self, found: Sequence[Recalled]) -> list[bytes | None]:
        digests = self._collection.digests([one.id for one in found])
        return [_key(b"stored", digests.get(one.id), one) for one in found]

    def read(self, found: Sequence[Recalled]) -> Sequence[Document]:
        return self._collection.documents([one.id for one in found], [one.passage for one in found])


class FolderDocuments:
    """Those of a folder, straight from its files: nothing needs to be indexed for candidates that are given."""

    def __init__(self, folder: BeirFolder) -> None:
        self._folder = folder

    def keys(self, found: Sequence[Recalled]) -> list[bytes | None]:
        return [_key(b"read", self._digest(one.id), one) for one in found]

    def read(self, found: Sequence[Recalled]) -> Sequence[Document]:
        return [self._folder.document(one.id) for one in found]

    def _digest(self, id: str) -> bytes | None:
        try:
            row = self._folder.corpus.row(id)
            return digest(row.words, self._folder.picture_bytes(row), {})
        except LycheeError:
            return None


def _key(source: bytes, content: bytes | None, found: Recalled) -> bytes | None:
    return None if content is None else framed([source, content, repr(found.passage).encode()])
