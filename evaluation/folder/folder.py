"""A folder in BEIR form: `corpus.jsonl`, `queries.jsonl` and `qrels/SPLIT.tsv`, with pictures below it. Knows no models
and no figures."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from PIL import Image

from content import Content, Document, Unreadable
from content.data_uri import decode_data_uri_or_base64
from content.errors import InvalidInput, LycheeError, NotFound
from content.files import read_image_file
from content.images import load_image
from content.limits import DEFAULT_LIMITS, ImageLimits
from evaluation.folder.row import Row
from evaluation.folder.rows import Problems, Rows
from evaluation.runs.qrels import read_qrels

CORPUS = "corpus.jsonl"
QUERIES = "queries.jsonl"
_ENDINGS = (".tsv", ".txt", ".qrels", ".trec")


class BeirFolder:
    """Queries, documents and judgements; texts and pictures are read when asked for. A `ContentsOf`.

    qrels: query -> document -> grade, of the queries that are there. warnings: a sentence each, what of the folder is
    not as it should be and what becomes of it.
    """

    def __init__(self, folder: Path, split: str = "test", limits: ImageLimits = DEFAULT_LIMITS) -> None:
        """Raises NotFound and InvalidInput for what is no such folder, or where nothing in it can be evaluated."""
        if not folder.is_dir():
            raise NotFound(f"there is no folder {folder}", param="FOLDER")
        self.path = folder
        self.limits = limits
        judged = read_qrels(_qrels_file(folder, split))
        self.corpus = Rows(folder / CORPUS)
        try:
            self.queries = Rows(folder / QUERIES)
        except BaseException:
            self.corpus.close()
            raise
        self.qrels: Mapping[str, Mapping[str, int]] = {
            query: grades for query, grades in judged.items() if query in self.queries
        }
        self.warnings = [*_told(self.corpus), *_told(self.queries), *self._unknown(judged)]
        self._check()

    def query(self, id: str) -> Content:
        """As `ContentsOf.query`."""
        row = self.queries.row(id)
        return Content(row.words, self._picture(row))

    def document(self, id: str) -> Document:
        """As `ContentsOf.document`."""
        try:
            row = self.corpus.row(id)
            return Content(row.words, self._picture(row))
        except LycheeError as error:
            return Unreadable(error.message)

    def instruction(self, id: str) -> str | None:
        """The query's own task. Raises NotFound."""
        return self.queries.row(id).instruction

    def picture_bytes(self, row: Row) -> bytes | None:
        """The row's picture as its file has it, not yet looked at; None where it has none. Raises NotFound and
        InvalidInput."""
        if row.image is None:
            return None
        if row.image[:5].lower() == "data:":
            return decode_data_uri_or_base64(row.image, param=None, limits=self.limits)
        return read_image_file(row.image, self.path, self.limits)

    def close(self) -> None:
        self.corpus.close()
        self.queries.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _picture(self, row: Row) -> Image.Image | None:
        data = self.picture_bytes(row)
        return None if data is None else load_image(data, limits=self.limits)

    def _unknown(self, judged: Mapping[str, Mapping[str, int]]) -> list[str]:
        queries, documents = Problems(), Problems()
        for query in judged:
            if query not in self.queries:
                queries.add(repr(query[:80]))
        for document in {one for grades in self.qrels.values() for one in grades}:
            if document not in self.corpus:
                documents.add(repr(document[:80]))
        return [
            *counted(queries, f"judged queries are not in {QUERIES} and are left out"),
            *counted(documents, f"judged documents are not in {CORPUS}; they count as not found"),
        ]

    def _check(self) -> None:
        for rows in (self.corpus, self.queries):
            if not len(rows):
                self.close()
                first = f"; the first problem is {rows.problems.told[0]}" if rows.problems.count else ""
                raise InvalidInput(f"{rows.path} holds no rows that can be read{first}", param="FOLDER")
        if not self.qrels:
            self.close()
            raise InvalidInput(f"no query of the judgements is in {self.path / QUERIES}", param="FOLDER")


def _qrels_file(folder: Path, split: str) -> Path:
    found = [folder / "qrels" / f"{split}{ending}" for ending in _ENDINGS]
    for path in found:
        if path.is_file():
            return path
    there = sorted(path.stem for path in (folder / "qrels").glob("*") if path.suffix in _ENDINGS)
    others = f"; there are {', '.join(there)}" if there else ""
    raise NotFound(f"there are no judgements {found[0]}{others}", param="--split")


def _told(rows: Rows) -> list[str]:
    return counted(rows.problems, f"lines of {rows.path.name} are no rows and are left out")


def counted(problems: Problems, what: str) -> list[str]:
    """A warning that says how many, and the first of them; none where there are none."""
    return [f"{problems.count:,} {what}: {examples(problems)}"] if problems.count else []


def examples(problems: Problems, most: int = 3) -> str:
    """The first of them, and that there are more."""
    return "; ".join(problems.told[:most]) + ("; ..." if problems.count > most else "")
