"""The lines of a file as they stand there, bytes that are not UTF-8 included. Knows the form of no line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from content.errors import InvalidInput, NotFound
from reranker.examples.checks.finding import Fault
from reranker.examples.checks.kinds import LINE_TOO_LONG, NOT_UTF8

MOST_BYTES: Final = 256 * 1024 * 1024
_MARK: Final = b"\xef\xbb\xbf"  # of the byte order, which editors put before the first line


def lines(path: Path, *, param: str = "FILE", most: int = MOST_BYTES) -> Iterator[tuple[int, str | Fault, int]]:
    """Every line that is not blank: its number from 1, its text or why there is none, and its bytes with the blank
    ones before it. At most one line is held, and none of more than `most` bytes.

    Raises NotFound, and InvalidInput for a file that cannot be read.
    """
    try:
        with path.open("rb") as file:
            number = size = 0
            while raw := file.readline(most):
                number, size = number + 1, size + len(raw)
                if len(raw) == most and not raw.endswith(b"\n"):
                    while (rest := file.readline(most)) and not rest.endswith(b"\n"):
                        size += len(rest)
                    yield number, Fault(LINE_TOO_LONG, f"the line has more than {most:,} bytes"), size + len(rest)
                    size = 0
                    continue
                text = _decoded(raw.removeprefix(_MARK) if number == 1 else raw)
                if not isinstance(text, str) or text.strip():
                    yield number, text, size
                    size = 0
    except FileNotFoundError as error:
        raise NotFound(f"there is no file {path}", param=param) from error
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}", param=param) from error


def _decoded(raw: bytes) -> str | Fault:
    try:
        return raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        return Fault(NOT_UTF8, f"byte {error.start + 1} of the line, 0x{raw[error.start]:02x}, is not UTF-8")
