"""What a training file has in common with a test file. Knows digests, no texts."""

from collections.abc import Iterator
from pathlib import Path

from reranker.examples.checks.finding import Finding
from reranker.examples.checks.kinds import AGAINST, LEAK_NEAR_QUERY, LEAK_PAIR, LEAK_PICTURE, LEAK_QUERY
from reranker.examples.checks.lines import lines
from reranker.examples.checks.normal import digest
from reranker.examples.checks.pictures import PictureFacts, Pictures
from reranker.examples.checks.row import Row, read_row
from reranker.examples.checks.sides import SideFacts, Sides


class Leakage:
    """Digests of a test file's queries, pairs and pictures, each with the line that has it first."""

    def __init__(self, path: Path, *, open_files: bool = True) -> None:
        """Raises NotFound and InvalidInput for a file that cannot be read."""
        self._queries: dict[bytes, int] = {}
        self._bare: dict[bytes, int] = {}
        self._pairs: dict[bytes, int] = {}
        self._pictures: dict[bytes, int] = {}
        self._malformed: list[int] = []
        sides = Sides(Pictures(path.parent, open_files=open_files))
        for number, text, _ in lines(path, param="--against"):
            self._read(read_row(text, number, sides))

    def before(self) -> Iterator[Finding]:
        if self._malformed:
            reason = (
                f"{len(self._malformed):,} lines of the test file are no examples (the first is {self._malformed[0]:,})"
            )
            yield Finding(AGAINST, 0, reason)

    def see(self, row: Row) -> Iterator[Finding]:
        if row.query is not None:
            yield from self._query(row, row.query)
        for one in row.judged:
            if (line := self._pictures.get(_picture(one.document.picture))) is not None:
                yield Finding(LEAK_PICTURE, row.line, f"line {line:,} of the test file has this picture", one.field)

    def _query(self, row: Row, query: SideFacts) -> Iterator[Finding]:
        if (line := self._queries.get(query.near)) is not None:
            pairs = [(one, self._pairs.get(digest(query.near, one.document.near))) for one in row.judged]
            shared = [(one, at) for one, at in pairs if at is not None]
            for one, at in shared:
                yield Finding(LEAK_PAIR, row.line, f"line {at:,} of the test file is this pair", one.field)
            if not shared:
                yield Finding(LEAK_QUERY, row.line, f"line {line:,} of the test file has this query", "query")
        elif (line := self._bare.get(query.bare)) is not None:
            reason = f"line {line:,} of the test file has this query, but for its punctuation"
            yield Finding(LEAK_NEAR_QUERY, row.line, reason, "query")
        elif (line := self._pictures.get(_picture(query.picture))) is not None:
            yield Finding(LEAK_PICTURE, row.line, f"line {line:,} of the test file has this picture", "query")

    def _read(self, row: Row) -> None:
        if row.form:
            self._malformed.append(row.line)
        if row.query is not None:
            self._queries.setdefault(row.query.near, row.line)
            self._bare.setdefault(row.query.bare, row.line)
            self._keep(row.query.picture, row.line)
            for one in row.judged:
                self._pairs.setdefault(digest(row.query.near, one.document.near), row.line)
        for one in row.judged:
            self._keep(one.document.picture, row.line)

    def _keep(self, picture: PictureFacts | None, line: int) -> None:
        if picture is not None:
            self._pictures.setdefault(picture.digest, line)


def _picture(picture: PictureFacts | None) -> bytes:
    """b"": there is none, which no test file has."""
    return b"" if picture is None else picture.digest
