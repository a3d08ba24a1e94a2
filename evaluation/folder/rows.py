"""A JSONL file of rows that are found by id and read when asked for. Holds where they stand, and none of them."""

import os
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from content.errors import InvalidInput, NotFound
from evaluation.folder.row import Row, parse

LONGEST: Final = 64 * 1024 * 1024  # bytes of a line: the largest picture as base64, and a text
_BOM: Final = b"\xef\xbb\xbf"
_SHOWN: Final = 1000


@dataclass(slots=True)
class Problems:
    """What was passed over in a file, counted. told: the first thousand, each with its place and its reason."""

    count: int = 0
    told: list[str] = field(default_factory=list)

    def add(self, problem: str) -> None:
        self.count += 1
        if len(self.told) < _SHOWN:
            self.told.append(problem)


class Rows:
    """The rows of a file: 24 bytes in memory for each, however long they are. Safe to read from several threads.

    Ids are told apart by 64 bits of their BLAKE2b. Of two rows with one id the first counts. problems: the lines that
    are no rows, and those whose id was there before.
    """

    def __init__(self, path: Path) -> None:
        """Reads the whole file once. Raises NotFound, and InvalidInput for a file that cannot be read."""
        self.path = path
        self.problems = Problems()
        self._hashes, self._starts, self._sizes = array("Q"), array("Q"), array("I")
        self._numbers = array("I")
        try:
            self._file = path.open("rb")
        except FileNotFoundError as error:
            raise NotFound(f"there is no file {path}") from error
        except OSError as error:
            raise InvalidInput(f"{path} cannot be read: {error.strerror}") from error
        try:
            self._scan()
        except BaseException:
            self.close()
            raise
        hashes = np.frombuffer(self._hashes, np.uint64)
        order = np.argsort(hashes, kind="stable")  # so that of one id the first row stands first
        self._sorted, self._order = hashes[order], order.astype(np.uint32)
        self._drop_repeated()

    def __len__(self) -> int:
        return len(self._order)

    def __contains__(self, row_id: str) -> bool:
        return self._find(row_id) is not None

    def places(self) -> Iterator[int]:
        """What `at` takes, in the order of the file."""
        yield from np.sort(self._order).tolist()

    def line(self, place: int) -> int:
        """The number of its line, from 1."""
        return self._numbers[place]

    def at(self, place: int) -> Row:
        """Raises InvalidInput where the file was changed since it was opened."""
        return parse(os.pread(self._file.fileno(), self._sizes[place], self._starts[place]))

    def row(self, row_id: str) -> Row:
        """Raises NotFound, and as `at`."""
        place = self._find(row_id)
        row = None if place is None else self.at(place)
        if row is None or row.id != row_id:
            raise NotFound(f"{self.path.name} has no row {row_id[:80]!r}")
        return row

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _scan(self) -> None:
        start, number = 0, 0
        while line := self._file.readline(LONGEST):
            number += 1
            size = len(line)
            if size == LONGEST and not line.endswith(b"\n"):
                size += self._skip()
                self._passed_over(number, f"the line is longer than {LONGEST:,} bytes")
            elif start == 0 and line.startswith(_BOM):
                self._take(line[len(_BOM) :], len(_BOM), number)
            else:
                self._take(line, start, number)
            start += size

    def _skip(self) -> int:
        """Goes behind the end of the line, and gives how many bytes that were."""
        skipped = 0
        while part := self._file.readline(1 << 20):
            skipped += len(part)
            if part.endswith(b"\n"):
                break
        return skipped

    def _take(self, line: bytes, start: int, number: int) -> None:
        if not line.strip():
            return
        try:
            row = parse(line)
        except InvalidInput as error:
            self._passed_over(number, error.message)
            return
        self._hashes.append(_hash(row.id))
        self._starts.append(start)
        self._sizes.append(len(line))
        self._numbers.append(number)

    def _drop_repeated(self) -> None:
        again = np.flatnonzero(self._sorted[1:] == self._sorted[:-1]) + 1
        for at in again.tolist():
            place = int(self._order[at])
            first = int(self._order[np.searchsorted(self._sorted, self._sorted[at])])
            self._passed_over(
                self.line(place), f"the id {self.at(place).id[:80]!r} was used before, in line {self.line(first)}"
            )
        self._sorted, self._order = np.delete(self._sorted, again), np.delete(self._order, again)

    def _passed_over(self, number: int, reason: str) -> None:
        self.problems.add(f"{self.path.name}:{number}: {reason}")

    def _find(self, row_id: str) -> int | None:
        wanted = np.uint64(_hash(row_id))
        at = int(np.searchsorted(self._sorted, wanted))
        return int(self._order[at]) if at < len(self._sorted) and self._sorted[at] == wanted else None


def _hash(row_id: str) -> int:
    return int.from_bytes(blake2b(row_id.encode("utf-8", "surrogatepass"), digest_size=8).digest())
