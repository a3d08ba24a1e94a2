"""Parquet tables, read in small batches. Knows nothing of what the columns mean."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from content.errors import InvalidInput
from indexer.record import Refusal
from indexer.sources.row import Row

_BATCH_ROWS: Final = 32  # small, for a row may hold a picture of 20 MB
_BUFFER_BYTES: Final = 1 << 20


def rows(path: Path) -> Iterator[Row | Refusal]:
    """Row by row. A cell that cannot be read refuses its row; a damaged part of the file refuses the rest of it."""
    import pyarrow as pa

    number = 0
    with _opened(path) as file:
        try:
            for batch in file.iter_batches(batch_size=_BATCH_ROWS, use_threads=False):
                for index in range(batch.num_rows):
                    number += 1
                    yield _row(batch, index, f"{path.name} row {number}")
        except (pa.ArrowException, OSError) as error:
            yield Refusal(f"{path.name} from row {number + 1}", f"the file is damaged: {_first_line(error)}")


def columns(path: Path) -> list[str]:
    """The names of the top-level columns. Raises InvalidInput when the file is no Parquet."""
    with _opened(path) as file:
        return list(file.schema_arrow.names)


def count(path: Path) -> int:
    """The number of rows."""
    with _opened(path) as file:
        return int(file.metadata.num_rows)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path, buffer_size=_BUFFER_BYTES, pre_buffer=False)
    except (pa.ArrowException, OSError) as error:
        raise InvalidInput(f"{path.name} is not a readable Parquet file: {_first_line(error)}") from error
    with file:
        yield file


def _row(batch: Any, index: int, origin: str) -> Row | Refusal:  # noqa: ANN401  pyarrow has no types
    cells: dict[str, object] = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            cells[name] = _cell(column[index])
        except (ValueError, OverflowError) as error:  # a date that the calendar does not have, broken UTF-8
            return Refusal(origin, f"column `{name}` cannot be read: {_first_line(error)}")
    return Row(origin, cells)


def _cell(scalar: Any) -> object:  # noqa: ANN401  pyarrow has no types
    import pyarrow as pa

    if pa.types.is_timestamp(scalar.type) and scalar.type.unit == "ns":
        scalar = scalar.cast(pa.timestamp("us", scalar.type.tz), safe=False)  # Python's dates have no nanoseconds
    value = scalar.as_py()
    return dict(value) if pa.types.is_map(scalar.type) and value is not None else value


def _first_line(error: BaseException) -> str:
    return str(error).split("\n", 1)[0]
