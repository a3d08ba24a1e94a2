"""Tables of delimited text: CSV, with commas, semicolons or tabs. Knows nothing of what the columns mean."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from content.errors import InvalidInput
from indexer.record import Refusal
from indexer.sources.row import RESERVED, Row, typed
from indexer.sources.text import marked_encoding

if TYPE_CHECKING:
    from _csv import Reader

MAX_CELL_CHARACTERS: Final = 64 * 1024 * 1024
_COUNTED_BYTES: Final = 1 << 26
_SAMPLE_BYTES: Final = 1 << 20
_DELIMITERS: Final = (",", ";", "\t")


def rows(path: Path) -> Iterator[Row | Refusal]:
    """Row by row; a row that does not fit the header is a Refusal with its line, and the rest goes on."""
    with _opened(path) as reader:
        header = _names(next(reader, []))
        line = reader.line_num + 1
        while True:
            origin = f"{path.name}:{line}"
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield Refusal(origin, f"the row cannot be read: {error}")
                cells = []
            if cells is None:
                return
            if cells:
                yield _row(header, cells, origin)
            line = reader.line_num + 1


def columns(path: Path) -> list[str]:
    """The names in the header. Raises InvalidInput when there is none, or a name stands twice."""
    try:
        with _opened(path) as reader:
            names = [name for name in _names(next(reader, [])) if name]
    except csv.Error as error:
        raise InvalidInput(f"the header of {path.name} cannot be read: {error}") from error
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidInput(f"{path.name} has two columns called `{twice[0]}`")
    return names


def count(path: Path) -> int | None:
    """The number of rows, where the file is small enough to count them."""
    if path.stat().st_size > _COUNTED_BYTES:
        return None
    return sum(1 for _ in rows(path))


def _row(header: list[str], cells: list[str], origin: str) -> Row | Refusal:
    if len(cells) > len(header):
        return Refusal(origin, f"the row has {len(cells)} cells and the header has {len(header)}")
    named = zip(header, cells, strict=False)  # a short row lacks its last cells
    return Row(origin, {name: cell if name in RESERVED else typed(cell) for name, cell in named if name})


def _names(header: list[str]) -> list[str]:
    return [name.strip() for name in header]


@contextmanager
def _opened(path: Path) -> Iterator["Reader"]:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    encoding = _encoding(sample)
    # The limit belongs to the whole process; it is only ever raised, and the standard one is too low for pictures.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL_CHARACTERS))
    # Bytes that are not in the encoding become lone surrogates, for which the row, not the table, is refused.
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as text:
        yield csv.reader(text, delimiter=_delimiter(sample.decode(encoding, "replace")))


def _encoding(sample: bytes) -> str:
    marked = marked_encoding(sample)
    if marked is not None:
        return marked
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 3:  # not just a character that the end of the sample went through
            return "gb18030"
    return "utf-8"


def _delimiter(sample: str) -> str:
    """The one by which the header falls into the most columns, and first of all into those with a meaning."""

    def columns_by(delimiter: str) -> tuple[int, int]:
        names = _names(next(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), []))
        return len(set(names) & set(RESERVED)), len(names)

    return max(_DELIMITERS, key=columns_by)
