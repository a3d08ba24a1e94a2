"""Which source a path is. Knows nothing of what the sources do."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from content.errors import InvalidInput, NotFound
from content.limits import DEFAULT_LIMITS, ImageLimits
from indexer.record import Source
from indexer.sources.archive import ZipSource
from indexer.sources.folder import FolderSource
from indexer.sources.kinds import ACCEPTED, is_archive, kind_of
from indexer.sources.single import FileSource
from indexer.sources.table import TableSource


@contextmanager
def opened_source(path: Path | str, limits: ImageLimits = DEFAULT_LIMITS) -> Iterator[Source]:
    """As `open_source`; what it unpacked is gone at the end of the block."""
    source = open_source(path, limits)
    try:
        yield source
    finally:
        if isinstance(source, ZipSource):
            source.close()


def open_source(path: Path | str, limits: ImageLimits = DEFAULT_LIMITS) -> Source:
    """A folder tree, one picture, text or PDF, a JSONL, CSV or Parquet table, or a ZIP archive of these.

    limits: of every picture. Raises NotFound, or InvalidInput for a path that is none of these or cannot be read.
    """
    path = Path(path)
    try:
        if path.is_dir():
            return FolderSource(path, limits)
        if not path.exists():
            raise NotFound(f"there is no file or folder `{path}`")
        if is_archive(path.name) and path.is_file():
            return ZipSource(path, limits)
        kind = kind_of(path.name)
        if kind is None or not path.is_file():
            raise InvalidInput(f"`{path}` cannot be indexed; give {ACCEPTED}")
        return TableSource(path, limits) if kind == "table" else FileSource(path, kind, limits)
    except (OSError, ValueError) as error:  # no right to look; a NUL in the name
        raise InvalidInput(f"`{path}` cannot be read: {error}") from error
