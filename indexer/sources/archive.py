"""A ZIP archive as a source: what is in it, as in a folder. Knows nothing of how it is unpacked."""

import tempfile
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from content.limits import DEFAULT_LIMITS, ImageLimits
from indexer.record import Entry, Record, Refusal
from indexer.sources.bundle import BundleSource
from indexer.sources.unpacking import ArchiveLimits, Unpacking, opened, removed


class ZipSource:
    """The tables, pictures, texts and PDFs of an archive; an id is the path in it.

    It is unpacked, when first asked what is in it, into a folder of its own under `below` (None: the system's for
    temporary files), which goes when the source is closed or forgotten, or the process ends. check: called now and then
    meanwhile; what it raises ends the unpacking.
    Raises InvalidInput for what is no ZIP archive, TooLarge for one with too many entries.
    """

    def __init__(
        self,
        path: Path,
        limits: ImageLimits = DEFAULT_LIMITS,
        archive_limits: ArchiveLimits | None = None,
        *,
        below: Path | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._path = path
        self._limits = limits
        self._archive_limits = archive_limits or ArchiveLimits()
        self._below = below
        self._check = check
        self._bundle: BundleSource | None = None
        self._refused: list[Refusal] = []
        self._removal: weakref.finalize[[Path], ZipSource] | None = None
        with opened(path, self._archive_limits):
            pass

    def entries(self) -> Iterator[Entry | Refusal]:
        bundle = self._unpacked()
        yield from self._refused
        for entry in bundle.entries():
            yield entry if isinstance(entry, Refusal) else Entry(entry.origin, partial(self._read, entry))

    def count(self) -> int | None:
        count = self._unpacked().count()
        return None if count is None else count + len(self._refused)

    def close(self) -> None:
        """What was unpacked is removed. Calling it twice is harmless."""
        if self._removal is not None:
            self._removal()
        self._bundle = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _unpacked(self) -> BundleSource:
        if self._bundle is None:
            folder = Path(tempfile.mkdtemp(prefix="lychee-zip-", dir=self._below))
            self._removal = weakref.finalize(self, removed, folder)
            unpacking = Unpacking(folder, self._limits, self._archive_limits, self._check)
            with opened(self._path, self._archive_limits) as archive:
                unpacking.unpack(archive)
            self._refused = unpacking.refused
            self._bundle = BundleSource(folder, self._limits)
        return self._bundle

    def _read(self, entry: Entry) -> Record:
        """Holds the source, and so its folder, as long as somebody may read the entry."""
        return entry.read()
