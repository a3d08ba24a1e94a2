"""The tables of a published data set: Parquet files for corpus, queries and judgements. Knows no task types.

Two layouts are read, as a hub's copy of a data set has them: M-BEIR's (`corpus-*.parquet`, `query-*.parquet`,
`qrels-*.parquet` with id, modality, text, image) and ViDoRe's (the same in folders `corpus/`, `queries/`, `qrels/`,
with corpus-id and image, query-id and query). A picture is the struct of bytes and path in which `datasets` keeps one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from content.errors import InvalidInput, NotFound

Part = Literal["corpus", "queries", "qrels"]

_STEMS: Final[Mapping[Part, tuple[str, ...]]] = {
    "corpus": ("corpus",),
    "queries": ("query", "queries"),
    "qrels": ("qrels",),
}
_IDS: Final = ("id", "_id", "corpus-id", "query-id", "corpus_id", "query_id")
_TEXTS: Final = ("text", "query")
_BATCH: Final = 32  # small, for a row may hold a picture of megabytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A query or a document. title, text, image: None where empty; image is the picture's file."""

    id: str
    title: str | None
    text: str | None
    image: bytes | None


def entries(source: Path, part: Part) -> Iterator[Entry]:
    """All rows of a part, few in memory at a time.

    Raises NotFound where there are no such tables, InvalidInput for what is no Parquet or has no ids.
    """
    for row, path in _rows(source, part):
        value = next((row[name] for name in _IDS if row.get(name) is not None), None)
        if value is None:
            raise InvalidInput(f"{path} has a row without id; the columns are {', '.join(row)}", param="SOURCE")
        text = next((row[name] for name in _TEXTS if isinstance(row.get(name), str)), None)
        yield Entry(str(value), _filled(row.get("title")), _filled(text), _picture(row.get("image")))


def judgements(source: Path) -> Iterator[tuple[str, str, int]]:
    """Query, document, grade. Raises as `entries`."""
    for row, path in _rows(source, "qrels"):
        try:
            query, document = (row.get(f"{side}-id", row.get(f"{side}_id")) for side in ("query", "corpus"))
            grade = int(row["score"])
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise InvalidInput(f"{path} has a row that is no judgement: {str(row)[:200]}", param="SOURCE") from error
        if query is None or document is None:
            raise InvalidInput(
                f"{path} has a judgement without query-id or corpus-id: {str(row)[:200]}", param="SOURCE"
            )
        yield str(query), str(document), max(0, grade)


def _rows(source: Path, part: Part) -> Iterator[tuple[dict[str, Any], Path]]:
    paths = sorted(
        path
        for stem in _STEMS[part]
        for pattern in (f"{stem}-*.parquet", f"{stem}.parquet", f"{stem}/*.parquet")
        for path in source.glob(pattern)
    )
    if not paths:
        wanted = " or ".join(f"{stem}-*.parquet" for stem in _STEMS[part])
        raise NotFound(f"{source} holds no {wanted}, nor a folder of that name with Parquet files", param="SOURCE")
    for path in paths:
        try:
            with pq.ParquetFile(path, pre_buffer=False) as file:
                for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
                    for row in batch.to_pylist():
                        yield row, path
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise InvalidInput(f"{path} cannot be read: {str(error).partition(chr(10))[0]}", param="SOURCE") from error


def _filled(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _picture(value: object) -> bytes | None:
    if isinstance(value, Mapping):
        value = value.get("bytes")
    return value if isinstance(value, bytes) and value else None
