"""Lines of a table of words, with their numbers, and complaints that name both. Knows no columns."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from content.errors import InvalidInput, NotFound

_SHOWN = 80


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Every line that is not blank, with its number from 1. Raises NotFound, and InvalidInput for what is no UTF-8."""
    number = 0
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except FileNotFoundError as error:
        raise NotFound(f"there is no file {path}") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not written in UTF-8 (near line {number + 1})") from error
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}") from error


def wrong(path: Path, number: int, expected: str, found: Sequence[str] | str) -> InvalidInput:
    """A complaint about a line."""
    shown = found if isinstance(found, str) else " ".join(found)
    return InvalidInput(f"{path}, line {number}: expected {expected}, and found {shown[:_SHOWN]!r}")
