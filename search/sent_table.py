"""A table that somebody sent, as documents to read: what its rows show stands in them, and never in a file of this
machine. Knows nothing of how tables are written, and opens no pictures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from content import Unreadable
from content.errors import LycheeError, NotFound
from indexer.item import JsonValue
from indexer.record import Refusal
from indexer.sources.picture_cell import sent_picture
from indexer.sources.row import Row
from indexer.sources.table import table_rows
from search.intake import Given


@dataclass(frozen=True, slots=True)
class SentRow:
    """origin: the row as its sender would find it (`items.csv:17`). id: "" where it has none. source: Unreadable, with
    the reason, for a row that cannot be one of a table. metadata: all other columns."""

    origin: str
    source: Given | Unreadable
    id: str = ""
    metadata: Mapping[str, JsonValue] = field(default_factory=dict)


def sent_rows(path: Path) -> Iterator[SentRow]:
    """path: ends in .csv, .tsv, .jsonl, .ndjson or .parquet.

    Raises InvalidInput for a file that is no such table, or has neither a column `text` nor a column `image`, and
    NotFound when there is no file.
    """
    if not path.exists():
        raise NotFound("the uploaded table was deleted; add it again")
    for row in table_rows(path):
        yield SentRow(row.origin, Unreadable(row.reason)) if isinstance(row, Refusal) else _sent(row)


def _sent(row: Row) -> SentRow:
    try:
        return SentRow(
            row.origin,
            Given(row.text(), sent_picture(row.cells.get("image"))),
            "" if row.cells.get("id") in (None, "") else row.id(),
            row.metadata(),
        )
    except LycheeError as error:
        return SentRow(row.origin, Unreadable(error.message))
