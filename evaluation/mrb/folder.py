"""A published data set written down as a folder in BEIR form, which `lychee evaluate folder` measures. Knows no models
and nothing of what a picture shows."""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, TextIO

from content.errors import InvalidInput, NotFound
from evaluation.folder.folder import CORPUS, QUERIES
from evaluation.mrb.tables import Entry, entries, judgements
from evaluation.mrb.task_type import Side, TaskType

PICTURES: Final = "pictures"
_NAME: Final = 32  # digits of a picture's digest


@dataclass(frozen=True, slots=True)
class Written:
    """How many of each. lacking: rows that lack a side which the task type has, and so are left out."""

    documents: int
    queries: int
    judgements: int
    lacking: int


def write_folder(
    source: Path,
    folder: Path,
    task: TaskType,
    instruction: str | None = None,
    on_row: Callable[[], None] = lambda: None,
) -> Written:
    """Writes `folder`, whole or not at all. instruction: instead of the task type's, with every query.

    What a task type does not have of a row is not written: the caption of a picture is no part of I->I.
    Raises NotFound and InvalidInput as `tables.entries`, and InvalidInput where the folder is there already or no row
    has what the type asks for.
    """
    if not source.is_dir():
        raise NotFound(f"there is no folder {source}", param="SOURCE")
    if folder.exists():
        raise InvalidInput(f"{folder} is there already; name another folder", param="FOLDER")
    with _whole(folder) as made:
        (made / PICTURES).mkdir()
        (made / "qrels").mkdir()
        documents = _Part(made, CORPUS, task.document, None)
        queries = _Part(made, QUERIES, task.query, instruction or task.instruction)
        for part, name in ((documents, "corpus"), (queries, "queries")):
            part.write(entries(source, "corpus" if name == "corpus" else "queries"), on_row)
            if not part.count:
                sides = {"T": "a text", "I": "a picture", "IT": "a text and a picture"}[part.side]
                raise InvalidInput(f"no row of the {name} has {sides}, as {task.name} asks for", param="--type")
        judged = _write_qrels(made / "qrels" / "test.tsv", judgements(source))
        return Written(documents.count, queries.count, judged, documents.lacking + queries.lacking)


class _Part:
    """Corpus or queries on their way into a file."""

    def __init__(self, folder: Path, name: str, side: Side, instruction: str | None) -> None:
        self.side: Side = side
        self.count = self.lacking = 0
        self._folder = folder
        self._path = folder / name
        self._instruction = instruction

    def write(self, rows: Iterator[Entry], on_row: Callable[[], None]) -> None:
        with self._path.open("w", encoding="utf-8") as file:
            for entry in rows:
                self._add(entry, file)
                on_row()

    def _add(self, entry: Entry, file: TextIO) -> None:
        lacks_text = "T" in self.side and entry.text is None and entry.title is None
        if lacks_text or ("I" in self.side and entry.image is None):
            self.lacking += 1
            return
        row = {"_id": entry.id}
        if "T" in self.side:
            row |= {name: text for name, text in (("title", entry.title), ("text", entry.text)) if text}
        if "I" in self.side:
            row["image"] = self._kept(entry.image or b"")
        if self._instruction:
            row["instruction"] = self._instruction
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self.count += 1

    def _kept(self, data: bytes) -> str:
        """The path of the picture, below the folder; the same picture is kept once."""
        name = f"{PICTURES}/{sha256(data).hexdigest()[:_NAME]}"
        path = self._folder / name
        if not path.exists():
            path.write_bytes(data)
        return name


def _write_qrels(path: Path, judged: Iterator[tuple[str, str, int]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("query-id\tcorpus-id\tscore\n")
        for query, document, grade in judged:
            if any(mark in name for name in (query, document) for mark in "\t\n\r"):
                raise InvalidInput(f"the id {query!r} or {document!r} has a tab or a line's end in it", param="SOURCE")
            file.write(f"{query}\t{document}\t{grade}\n")
            count += 1
    if not count:
        raise InvalidInput("the data set has no judgements", param="SOURCE")
    return count


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """A folder beside `folder`, which gets its name when the block ends well, and is removed otherwise."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as temporary:
            made = Path(temporary) / "made"
            made.mkdir()
            yield made
            made.rename(folder)
    except OSError as error:
        raise InvalidInput(f"{folder} cannot be written: {error.strerror}", param="FOLDER") from error
