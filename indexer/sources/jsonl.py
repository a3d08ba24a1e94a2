"""Tables of one JSON object a line. Knows nothing of what the columns mean."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from indexer.record import Refusal
from indexer.sources.row import Row

MAX_LINE_BYTES: Final = 64 * 1024 * 1024  # the largest picture as base64, and a text
_COUNTED_BYTES: Final = 1 << 30
_BLOCK: Final = 1 << 20


def rows(path: Path) -> Iterator[Row | Refusal]:
    """Row by row; a line that cannot be read is a Refusal with its number, and the rest goes on."""
    with path.open("rb") as file:
        for number, line in enumerate(_lines(file), 1):
            origin = f"{path.name}:{number}"
            if line is None:
                yield Refusal(origin, f"the line is longer than {MAX_LINE_BYTES:,} bytes")
            elif line.strip():
                yield _row(line, origin)


def count(path: Path) -> int | None:
    """The number of rows, where the file is small enough to count them."""
    if path.stat().st_size > _COUNTED_BYTES:
        return None
    with path.open("rb") as file:
        return sum(1 for line in _lines(file) if line is None or line.strip())


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """The lines, the first without a byte order mark; None in place of one that is too long."""
    line = file.readline(MAX_LINE_BYTES).removeprefix(b"\xef\xbb\xbf")
    while line:
        if len(line) < MAX_LINE_BYTES or line.endswith(b"\n"):
            yield line
        else:
            while line and not line.endswith(b"\n"):
                line = file.readline(_BLOCK)
            yield None
        line = file.readline(MAX_LINE_BYTES)


def _row(line: bytes, origin: str) -> Row | Refusal:
    try:
        value = json.loads(line.decode("utf-8"), parse_constant=float)
    except UnicodeDecodeError:
        return Refusal(origin, "the line is not UTF-8")
    except json.JSONDecodeError as error:
        return Refusal(origin, f"the line is not valid JSON: {error.msg} at column {error.colno}")
    except (ValueError, RecursionError):  # a number of thousands of digits, thousands of brackets
        return Refusal(origin, "the line is JSON that is too large to read")
    if not isinstance(value, dict):
        return Refusal(origin, "the line is not a JSON object")
    return Row(origin, value)
