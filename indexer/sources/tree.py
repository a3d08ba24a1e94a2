"""The files of a folder tree, in an order that depends on their names only. Opens none of them."""

import os
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.record import Refusal
from indexer.sources.kinds import FileKind, kind_of

_FOR_COMPUTERS: Final = frozenset({"__macosx", "$recycle.bin", "system volume information", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Found:
    """A file. path: from the root. id: the same with `/`, Unicode-normalised (NFC), so as it is on every system.

    kind: None for a file of no kind that is known.
    """

    path: Path
    id: str
    kind: FileKind | None


def is_for_computers(name: str) -> bool:
    """Whether a file or folder is there for programs only (`.git`, `.DS_Store`, `__MACOSX`): nobody means it."""
    return name.startswith(".") or name.lower() in _FOR_COMPUTERS


def display(name: str) -> str:
    """The name with bytes that are not UTF-8 written as escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def walk(root: Path, wanted: Callable[[FileKind | None], bool]) -> Iterator[Found | Refusal]:
    """Depth first, with a stack of its own: a tree may be deeper than Python's. wanted: asked once for each file."""
    return _Walk(root, wanted).files()


class _Walk:
    def __init__(self, root: Path, wanted: Callable[[FileKind | None], bool]) -> None:
        self._root = root
        self._wanted = wanted

    def files(self) -> Iterator[Found | Refusal]:
        stack = [self._listing(self._root, "")]
        while stack:
            found = next(stack[-1], None)
            if found is None:
                stack.pop()
            elif isinstance(found, tuple):
                stack.append(self._listing(*found))
            else:
                yield found

    def _listing(self, folder: Path, prefix: str) -> Iterator[Found | Refusal | tuple[Path, str]]:
        """The files of one folder, and its folders as (path, prefix of the ids in it)."""
        try:
            with os.scandir(folder) as scan:
                children = sorted(scan, key=lambda child: os.fsencode(child.name))
        except OSError as error:
            yield Refusal(display(prefix) or ".", f"the folder cannot be opened: {error.strerror}")
            return
        seen: set[str] = set()
        for child in children:
            if not is_for_computers(child.name):
                yield from self._child(child, prefix, seen)

    def _child(
        self, child: os.DirEntry[str], prefix: str, seen: set[str]
    ) -> Iterator[Found | Refusal | tuple[Path, str]]:
        kind, is_folder = kind_of(child.name), _is_folder(child)
        if not is_folder and not self._wanted(kind):
            return
        name = unicodedata.normalize("NFC", child.name)
        item_id = prefix + name
        if display(name) != name:
            yield Refusal(display(item_id), "its name is not valid UTF-8; rename it")
        elif name in seen:
            yield Refusal(item_id, "another name in this folder differs from it in Unicode normalisation only")
        elif not is_folder:
            yield Found(Path(child.path).relative_to(self._root), item_id, kind)
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
