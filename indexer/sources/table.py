"""A table as a source: a row is an item, of columns `id`, `text` and `image`; all others are metadata. Knows nothing of
how tables are written."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from content.errors import InvalidInput, LycheeError
from content.limits import DEFAULT_LIMITS, ImageLimits
from indexer.checks import check_id
from indexer.record import Entry, Record, Refusal, digest
from indexer.sources import delimited, jsonl, parquet
from indexer.sources.picture_cell import is_empty, path_in, picture_bytes
from indexer.sources.row import Row
from indexer.sources.seen import SeenIds


@dataclass(frozen=True, slots=True)
class _Format:
    """columns: None where every row brings its own."""

    rows: Callable[[Path], Iterator[Row | Refusal]]
    count: Callable[[Path], int | None]
    columns: Callable[[Path], list[str]] | None


_CSV: Final = _Format(delimited.rows, delimited.count, delimited.columns)
_JSONL: Final = _Format(jsonl.rows, jsonl.count, None)
_FORMATS: Final[Mapping[str, _Format]] = {
    ".csv": _CSV,
    ".tsv": _CSV,
    ".jsonl": _JSONL,
    ".ndjson": _JSONL,
    ".parquet": _Format(parquet.rows, parquet.count, parquet.columns),
}


class TableSource:
    """The rows of a JSONL, CSV or Parquet file, streamed.

    path: pictures that are named by path are looked for in its folder, and never outside. closed: as in
    `picture_bytes`. A row whose id another row had before is refused and names that row.
    Raises InvalidInput when the table has neither a column `text` nor a column `image`.
    """

    def __init__(self, path: Path, limits: ImageLimits = DEFAULT_LIMITS, *, closed: bool = False) -> None:
        self._path = path
        self._closed = closed
        self._limits = limits
        self._format = _FORMATS[path.suffix.lower()]
        if self._format.columns is not None:
            _check_columns(path, self._format.columns(path))

    def entries(self) -> Iterator[Entry | Refusal]:
        with closing(SeenIds()) as seen:
            for row in self._format.rows(self._path):
                yield row if isinstance(row, Refusal) else self._entry(row, seen)

    def count(self) -> int | None:
        return self._format.count(self._path)

    @property
    def path(self) -> Path:
        return self._path

    def paths(self) -> Iterator[str]:
        """What may be paths of pictures, row by row, as it stands there."""
        for row in self._format.rows(self._path):
            path = None if isinstance(row, Refusal) else path_in(row.cells.get("image"))
            if path is not None:
                yield path

    def _entry(self, row: Row, seen: SeenIds) -> Entry | Refusal:
        try:
            item_id = row.id()
            check_id(item_id)
            if row.text() is None and is_empty(row.cells.get("image")):
                raise InvalidInput("the row has neither a text nor an image")
        except LycheeError as error:
            return Refusal(row.origin, error.message)
        first = seen.first(item_id, row.origin)
        if first is not None:
            return Refusal(row.origin, f"the id `{item_id}` was used before, in {first}")
        return Entry(row.origin, lambda: self._record(item_id, row))

    def _record(self, item_id: str, row: Row) -> Record:
        text, metadata = row.text(), row.metadata()
        image = picture_bytes(row.cells.get("image"), self._path.parent, self._limits, closed=self._closed)
        return Record(item_id, text, image, digest(text, image, metadata), metadata)


def table_rows(path: Path) -> Iterator[Row | Refusal]:
    """The rows as they are, for who means something else by them than items. Raises InvalidInput as TableSource."""
    format_ = _FORMATS[path.suffix.lower()]
    if format_.columns is not None:
        _check_columns(path, format_.columns(path))
    return format_.rows(path)


def _check_columns(path: Path, names: list[str]) -> None:
    if "text" not in names and "image" not in names:
        found = ", ".join(names[:20]) or "none"
        raise InvalidInput(f"{path.name} has neither a column `text` nor a column `image`; its columns are: {found}")
