"""Unpacks ZIP archives that nobody trusts: into one folder, within limits, entry by entry. Knows nothing of items."""

import io
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from content.errors import InvalidInput, LycheeError, TooLarge
from content.limits import DEFAULT_LIMITS, ImageLimits
from indexer.record import Refusal
from indexer.sources.kinds import kind_of, why_not
from indexer.sources.text import MAX_TEXT_BYTES
from indexer.sources.tree import display
from indexer.sources.zip_names import name_of, place_of

_BLOCK: Final = 1 << 16
_ENTRY_MARK: Final = b"PK\x01\x02"
_MOST_LISTED_BYTES: Final = 1 << 25
_SMALL: Final = 1 << 25
_ENCRYPTED: Final = 0x1
_BROKEN: Final = (BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """entries: files and folders. bytes: of all files, unpacked. ratio: of a file's size to its packed size, where it
    is larger than 32 MiB."""

    entries: int = 200_000
    bytes: int = 16 * 2**30
    ratio: int = 250


@contextmanager
def opened(path: Path, limits: ArchiveLimits) -> Iterator[ZipFile]:
    """The archive, its list read. Raises InvalidInput for what is none, TooLarge for one of too many entries."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(_Guarded(path.open("rb", buffering=0), limits.entries))
            archive = stack.enter_context(ZipFile(file))
        except (*_BROKEN, OSError) as error:
            raise InvalidInput(f"{path.name} is no ZIP archive that can be read: {error}") from error
        if len(archive.infolist()) > limits.entries:
            raise _too_many(limits.entries)
        yield archive


class _Guarded(io.BufferedReader):
    """What `ZipFile` reads from. It takes in an archive's whole list at once, however long that claims to be."""

    def __init__(self, raw: io.FileIO, most_entries: int) -> None:
        super().__init__(raw)
        self._most_entries = most_entries

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MOST_LISTED_BYTES:
            raise _too_many(self._most_entries)
        data = super().read(size)
        if len(data) > _BLOCK and data.count(_ENTRY_MARK) > self._most_entries:
            raise _too_many(self._most_entries)
        return data


def _too_many(entries: int) -> TooLarge:
    return TooLarge(f"the archive lists more than {entries:,} files and folders; split it into several")


@dataclass(slots=True)
class Unpacking:
    """Unpacks one archive. folder: empty, and nobody else's. check: called now and then; what it raises ends all.

    refused: what was not unpacked, by the entry's name.
    """

    folder: Path
    images: ImageLimits = DEFAULT_LIMITS
    limits: ArchiveLimits = field(default_factory=ArchiveLimits)
    check: Callable[[], None] = lambda: None
    refused: list[Refusal] = field(default_factory=list)
    _written: int = 0
    _made: set[PurePosixPath] = field(default_factory=set)

    def unpack(self, archive: ZipFile) -> None:
        """Raises InvalidInput where the disk does not take it."""
        for info in archive.infolist():
            self.check()
            try:
                self._entry(archive, info)
            except InvalidInput as error:
                self.refused.append(Refusal(display(name_of(info)), error.message))

    def _entry(self, archive: ZipFile, info: ZipInfo) -> None:
        place = place_of(info)
        if place is None:
            return
        largest = self._largest(info, place.name)
        path = self.folder / place
        self._make_room(place)
        try:
            with archive.open(info) as packed, path.open("xb") as file:
                for block in iter(lambda: packed.read(_BLOCK), b""):
                    self.check()
                    self._count(len(block), file.tell() + len(block), largest, info)
                    file.write(block)
        except _BROKEN as error:
            path.unlink(missing_ok=True)
            raise InvalidInput(f"it is damaged: {error}") from error
        except LycheeError:
            path.unlink(missing_ok=True)
            raise
        except OSError as error:
            raise UnpackingFailed(f"the archive cannot be unpacked: {error.strerror}") from error

    def _largest(self, info: ZipInfo, name: str) -> int:
        """How many bytes the entry may have. Raises InvalidInput for one that is not unpacked at all."""
        kind = kind_of(name)
        if kind is None:
            raise InvalidInput(why_not(name))
        if info.flag_bits & _ENCRYPTED:
            raise InvalidInput("it is encrypted; pack it without a password")
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise InvalidInput("it is packed by a rare method; pack it with the usual one (Deflate)")
        return {"image": self.images.max_bytes, "text": MAX_TEXT_BYTES}.get(kind, self.limits.bytes)

    def _make_room(self, place: PurePosixPath) -> None:
        if place in self._made:
            raise InvalidInput("an earlier entry has the same name, or is a folder of that name")
        new = [place, *(folder for folder in place.parents if folder.name and folder not in self._made)]
        if len(self._made) + len(new) > self.limits.entries:
            raise _too_many(self.limits.entries)
        try:
            (self.folder / place).parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise InvalidInput("an earlier entry is a file where this one needs a folder") from error
        except OSError as error:
            raise UnpackingFailed(f"the archive cannot be unpacked: {error.strerror}") from error
        self._made.update(new)

    def _count(self, more: int, size: int, largest: int, info: ZipInfo) -> None:
        """By what comes out: what the archive claims about it is not believed."""
        self._written += more
        if size > largest:
            raise TooLarge(f"it has more than {largest:,} bytes")
        if self._written > self.limits.bytes:
            raise TooLarge(f"the archive holds more than {self.limits.bytes:,} bytes; split it into several")
        if size > _SMALL and size > self.limits.ratio * max(1, info.compress_size):
            raise TooLarge(f"it is packed to less than a {self.limits.ratio}th of its size, as no honest file is")


class UnpackingFailed(LycheeError):
    """The disk did not take what was in an archive."""


def removed(folder: Path) -> None:
    """Removes the folder, as far as the disk lets it be removed."""
    shutil.rmtree(folder, ignore_errors=True)
