"""Files that somebody sent, as a source: archives, tables, pictures, texts and PDFs in any mixture. Knows nothing of
how they came."""

import shutil
import tempfile
import unicodedata
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from content.errors import InvalidInput
from content.limits import DEFAULT_LIMITS, ImageLimits
from indexer.record import Entry, Refusal
from indexer.sources.archive import ZipSource
from indexer.sources.bundle import BundleSource
from indexer.sources.kinds import is_archive
from indexer.sources.unpacking import ArchiveLimits, removed

_LONGEST_BYTES: Final = 200


@dataclass(frozen=True, slots=True)
class SentFile:
    """path: where it is now. name: what its sender called it."""

    path: Path
    name: str


class UploadSource:
    """What was sent, by the names that its sender gave: the same files sent again replace their items.

    The files are moved into a folder of this source's own, below `below` (None: the system's for temporary files), and
    all is gone when the source is closed or forgotten. Nothing else on this machine is read, whatever a table names.
    A file that is gone meanwhile, a broken archive and a second file of one name are refused by name.
    check: as in `ZipSource`.
    """

    def __init__(
        self,
        files: Sequence[SentFile],
        limits: ImageLimits = DEFAULT_LIMITS,
        archive_limits: ArchiveLimits | None = None,
        *,
        below: Path | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="lychee-upload-", dir=below))
        self._removal = weakref.finalize(self, removed, self._folder)
        self._refused: list[Refusal] = []
        self._limits = limits
        self._archive_limits = archive_limits
        self._check = check
        loose = self._folder / "files"
        archives = [file for file in files if is_archive(file.name)]
        self._moved([file for file in files if not is_archive(file.name)], loose)
        self._sources: list[BundleSource | ZipSource] = [BundleSource(loose, limits)]
        for path in self._moved(archives, self._folder / "archives"):
            self._open(path)

    def entries(self) -> Iterator[Entry | Refusal]:
        yield from self._refused
        for source in self._sources:
            yield from source.entries()

    def count(self) -> int | None:
        counts = [source.count() for source in self._sources]
        known = [count for count in counts if count is not None]
        return len(self._refused) + sum(known) if len(known) == len(counts) else None

    def close(self) -> None:
        """All that was sent is removed. Calling it twice is harmless."""
        self._removal()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _moved(self, files: Sequence[SentFile], folder: Path) -> list[Path]:
        folder.mkdir()
        moved: list[Path] = []
        for file in files:
            path = folder / safe_name(file.name)
            if path.exists():
                self._refused.append(Refusal(path.name, "another file of this name was sent with it"))
            elif not file.path.is_file() or file.path.is_symlink():
                self._refused.append(Refusal(path.name, "it is not there any more; send it again"))
            else:
                shutil.move(file.path, path)
                moved.append(path)
        return moved

    def _open(self, path: Path) -> None:
        try:
            source = ZipSource(path, self._limits, self._archive_limits, below=self._folder, check=self._check)
        except InvalidInput as error:
            self._refused.append(Refusal(path.name, error.message))
        else:
            self._sources.append(source)


def safe_name(name: str) -> str:
    """A name that a file may have here, as like the given one as can be: without folders, control characters and dots
    in front, and not too long."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(each for each in last if unicodedata.category(each)[0] != "C").strip().lstrip(".")
    stem, dot, end = kept.rpartition(".")
    if len(kept.encode()) <= _LONGEST_BYTES:
        return kept or "file"
    room = _LONGEST_BYTES - len((dot + end).encode())
    if not stem or room < 1:
        return _cut(kept, _LONGEST_BYTES)
    return _cut(stem, room) + dot + end


def _cut(name: str, size: int) -> str:
    return name.encode()[:size].decode("utf-8", "ignore")
