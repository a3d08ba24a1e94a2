"""A folder in BEIR form whose figures a reader can work out in the head."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from PIL import Image

CORPUS = (
    {"_id": "mug/red", "title": "red", "text": "mug"},
    {"_id": "mug/blue", "title": "", "text": "blue mug"},
    {"_id": "square", "image": "pictures/red.png"},
    {"_id": "both", "text": "green bag", "image": "pictures/green.png"},
)
QUERIES = ({"_id": "q1", "text": "red mug"}, {"_id": "q2", "text": "green"})
QRELS = "query-id\tcorpus-id\tscore\nq1\tmug/red\t2\nq1\tsquare\t1\nq2\tboth\t1\n"


def write_folder(
    folder: Path,
    corpus: Iterable[object] = CORPUS,
    queries: Iterable[object] = QUERIES,
    qrels: str | bytes = QRELS,
) -> Path:
    """What is given takes the place of what it has. A row that is a string or bytes stands in the file as it is."""
    for name in ("qrels", "pictures"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for colour, value in (("red", (255, 0, 0)), ("green", (0, 255, 0))):
        Image.new("RGB", (8, 8), value).save(folder / "pictures" / f"{colour}.png")
    _write(folder / "corpus.jsonl", corpus)
    _write(folder / "queries.jsonl", queries)
    (folder / "qrels" / "test.tsv").write_bytes(qrels if isinstance(qrels, bytes) else qrels.encode())
    return folder


def changed(rows: Iterable[Mapping[str, object]], row_id: str, **fields: object) -> list[Mapping[str, object]]:
    """The rows with some fields of one changed."""
    return [{**row, **fields} if row["_id"] == row_id else row for row in rows]


def _write(path: Path, rows: Iterable[object]) -> None:
    written = (row if isinstance(row, str | bytes) else json.dumps(row) for row in rows)
    path.write_bytes(b"".join((row if isinstance(row, bytes) else row.encode()) + b"\n" for row in written))
