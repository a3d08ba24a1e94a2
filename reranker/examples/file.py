"""Files of examples, JSONL: read line by line, and written whole or not at all. Knows the form of no line."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from content.errors import InvalidInput, NotFound
from reranker.examples.example import Example
from reranker.examples.line import parse, render

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Malformed:
    """A line that is no example. line: from 1. param: the field that was wrong, where it was one."""

    line: int
    reason: str
    param: str | None = None


def read_lines(path: Path, param: str = "FILE") -> Iterator[tuple[int, str]]:
    """Every line that is not blank, with its number from 1. Reads no further ahead than it must.

    param: what the user named the file by. Raises NotFound, and InvalidInput for a file that cannot be read as UTF-8.
    """
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except FileNotFoundError as error:
        raise NotFound(f"there is no file {path}", param=param) from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not written in UTF-8 (near line {number + 1})", param=param) from error
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}", param=param) from error


def read(path: Path, param: str = "FILE") -> Iterator[Example | Malformed]:
    """The examples of a file, and its lines that are none, in their order. Raises as `read_lines`."""
    for number, line in read_lines(path, param):
        try:
            yield from parse(line, number)
        except InvalidInput as error:
            yield Malformed(number, error.message, error.param)


def examples(path: Path, param: str = "FILE") -> list[Example]:
    """All examples of a file. Raises as `read_lines`; InvalidInput where a line is none, or there are none at all."""
    found, wrong = [], []
    for one in read(path, param):
        if isinstance(one, Example):
            found.append(one)
        else:
            wrong.append(one)
    if wrong:
        shown = "; ".join(f"line {one.line}: {one.reason}" for one in wrong[:_SHOWN])
        raise InvalidInput(
            f"{path}: {len(wrong):,} lines are no examples ({shown}); `lychee data check {path}` lists them",
            param=param,
        )
    if not found:
        raise InvalidInput(f"{path} holds no examples", param=param)
    return found


def write(path: Path, rows: Iterable[Example]) -> int:
    """Writes the examples as triples and gives their number; a file that was there is replaced when all is written."""
    return write_lines(path, map(render, rows))


def write_lines(path: Path, lines: Iterable[str]) -> int:
    """As `write`, for lines that are written already. Raises InvalidInput where the file cannot be written, and for
    what is there and no file: who may do anything would put a file in the place of a device. What `lines` raises is
    raised as it is; in any case nothing is left half-written."""
    count, of_lines = 0, list[OSError]()

    def each() -> Iterator[str]:
        try:
            yield from lines
        except OSError as error:
            of_lines.append(error)
            raise

    try:
        if path.exists() and not path.is_file():
            raise InvalidInput(f"{path} is a folder or a device; name a file", param="--output")
        handle, temporary = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror}", param="--output") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            for line in each():
                file.write(f"{line}\n")
                count += 1
        os.chmod(temporary, 0o644)  # noqa: PTH101  # what mkstemp makes is for its maker only
        Path(temporary).replace(path)
    except BaseException as error:
        Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError) and error not in of_lines:
            raise InvalidInput(f"{path} cannot be written: {error.strerror or error}", param="--output") from error
        raise
    return count
