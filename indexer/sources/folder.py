"""A folder tree as a source: every picture, text and PDF page in it. Knows nothing of what is in the files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from content.limits import DEFAULT_LIMITS, ImageLimits
from indexer.record import Entry, Refusal
from indexer.sources.file import FileReader
from indexer.sources.kinds import FileKind
from indexer.sources.pdf import OpenPdfs
from indexer.sources.tree import walk

_NOT_READ: Final = (None, "table")


class FolderSource:
    """All files of a folder tree that can be indexed, in an order that depends on their names only.

    Hidden files and folders (`.git`, `.DS_Store`) and files with other extensions, tables and archives included, are
    passed over; `passed_over` says how many files of other extensions the last walk met. A symlink to a file is
    followed where it leads to a file inside the folder; a symlink to a folder never is, and is listed as refused, so
    that a loop of links ends at once. A name that is not valid UTF-8 is refused, for an item's id is text.
    """

    def __init__(self, root: Path, limits: ImageLimits = DEFAULT_LIMITS) -> None:
        self._root = root
        self._reader = FileReader(self._root, limits, OpenPdfs())
        self.passed_over = 0

    def entries(self) -> Iterator[Entry | Refusal]:
        self.passed_over = 0
        for found in walk(self._root, self._wanted):
            if isinstance(found, Refusal):
                yield found
            elif found.kind is not None:
                yield from self._reader.entries(found.path, found.id, found.kind)

    def count(self) -> int:
        self.passed_over = 0
        return sum(
            1 if isinstance(found, Refusal) or found.kind is None else self._reader.count(found.path, found.kind)
            for found in walk(self._root, self._wanted)
        )

    def _wanted(self, kind: FileKind | None) -> bool:
        self.passed_over += kind in _NOT_READ
        return kind not in _NOT_READ
