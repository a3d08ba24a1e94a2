"""A folder tree as a source: every picture, text and PDF page in it. Knows nothing of what is in the files."""

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from content.limits import DEFAULT_LIMITS, ImageLimits
from indexer.record import Entry, Refusal
from indexer.sources.file import FileReader
from indexer.sources.kinds import FileKind, kind_of
from indexer.sources.pdf import OpenPdfs

_FOR_COMPUTERS: Final = frozenset({"__MACOSX", "$RECYCLE.BIN", "System Volume Information"})


@dataclass(frozen=True, slots=True)
class _Found:
    """A file. path: from the root. id: the same with `/`, Unicode-normalised (NFC), so as it is on every system."""

    path: Path
    id: str
    kind: FileKind


class FolderSource:
    """All files of a folder tree that can be indexed, in an order that depends on their names only.

    Hidden files and folders (`.git`, `.DS_Store`) and files with other extensions, tables included, are passed over;
    `passed_over` says how many files of other extensions the last walk met. A symlink to a file is followed where it
    leads to a file inside the folder; a symlink to a folder never is, and is listed as refused, so that a loop of
    links ends at once. A name that is not valid UTF-8 is refused, for an item's id is text.
    """

    def __init__(self, root: Path, limits: ImageLimits = DEFAULT_LIMITS) -> None:
        self._root = root
        self._reader = FileReader(self._root, limits, OpenPdfs())
        self.passed_over = 0

    def entries(self) -> Iterator[Entry | Refusal]:
        for found in self._walk():
            if isinstance(found, Refusal):
                yield found
            else:
                yield from self._reader.entries(found.path, found.id, found.kind)

    def count(self) -> int:
        return sum(
            1 if isinstance(found, Refusal) else self._reader.count(found.path, found.kind) for found in self._walk()
        )

    def _walk(self) -> Iterator[_Found | Refusal]:
        """Depth first, with a stack of its own: a tree may be deeper than Python's."""
        self.passed_over = 0
        stack = [self._listing(self._root, "")]
        while stack:
            found = next(stack[-1], None)
            if found is None:
                stack.pop()
            elif isinstance(found, tuple):
                stack.append(self._listing(*found))
            else:
                yield found

    def _listing(self, folder: Path, prefix: str) -> Iterator[_Found | Refusal | tuple[Path, str]]:
        """The files of one folder, and its folders as (path, prefix of the ids in it)."""
        try:
            with os.scandir(folder) as scan:
                children = sorted(scan, key=lambda child: os.fsencode(child.name))
        except OSError as error:
            yield Refusal(_display(prefix) or ".", f"the folder cannot be opened: {error.strerror}")
            return
        seen: set[str] = set()
        for child in children:
            if not child.name.startswith(".") and child.name not in _FOR_COMPUTERS:
                yield from self._child(child, prefix, seen)

    def _child(
        self, child: os.DirEntry[str], prefix: str, seen: set[str]
    ) -> Iterator[_Found | Refusal | tuple[Path, str]]:
        kind, is_folder = kind_of(child.name), _is_folder(child)
        if not is_folder and kind in (None, "table"):
            self.passed_over += 1
            return
        name = unicodedata.normalize("NFC", child.name)
        item_id = prefix + name
        if _display(name) != name:
            yield Refusal(_display(item_id), "its name is not valid UTF-8; rename it")
        elif name in seen:
            yield Refusal(item_id, "another name in this folder differs from it in Unicode normalisation only")
        elif not is_folder and kind is not None:
            yield _Found(Path(child.path).relative_to(self._root), item_id, kind)
        elif child.is_symlink():
            yield Refusal(item_id, "it is a symlink to a folder, and such links are not followed")
        else:
            yield Path(child.path), item_id + "/"
        seen.add(name)


def _is_folder(child: os.DirEntry[str]) -> bool:
    try:
        return child.is_dir()
    except OSError:  # a symlink that leads to itself
        return False


def _display(name: str) -> str:
    """The name with bytes that are not UTF-8 written as escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
