"""One picture, text or PDF as a source. Knows nothing of its neighbours in the folder."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from content.limits import DEFAULT_LIMITS, ImageLimits
from indexer.record import Entry, Refusal
from indexer.sources.file import FileReader
from indexer.sources.kinds import FileKind
from indexer.sources.pdf import OpenPdfs


class FileSource:
    """The items of one file; the id is its name (`cat.jpg`, `book.pdf#page=3`)."""

    def __init__(self, path: Path, kind: FileKind, limits: ImageLimits = DEFAULT_LIMITS) -> None:
        full = path.resolve()
        self._path = Path(full.name)
        self._name = unicodedata.normalize("NFC", path.name)
        self._kind = kind
        self._reader = FileReader(full.parent, limits, OpenPdfs())

    def entries(self) -> Iterator[Entry | Refusal]:
        yield from self._reader.entries(self._path, self._name, self._kind)

    def count(self) -> int:
        return self._reader.count(self._path, self._kind)
