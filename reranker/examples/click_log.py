"""Search logs with clicks, JSONL: read line by line as pages of results. Knows not what a click is worth.

A line is a page that somebody saw, or one result of it:

- `{"query", "instruction"?, "shown": [{"document" or "text", "image", "position"?, "clicked", "dwell_s"?}, ...]}`
- `{"session"?, "query", "instruction"?, "document" or "text", "image", "position", "clicked", "dwell_s"?}`; lines with
  one session and query are one page

A position is counted from 1; in `shown` it is the place in the list where it is not given. Any other field is passed
over, and the session is forgotten when the file is read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from content.errors import InvalidInput
from content.payload import checked_text
from reranker.examples.example import Side
from reranker.examples.file import Malformed, read_lines
from reranker.examples.line import decode, read_side

_FURTHEST: Final = 1_000_000
_LONGEST_S: Final = 1e9  # thirty years
_SHOWN: Final = 80  # characters of a value that is wrong


@dataclass(frozen=True, slots=True)
class Shown:
    """A result that stood on a page. position: from 1. dwell_s: how long what was clicked was looked at, in seconds;
    None where nobody measured."""

    document: Side
    position: int
    clicked: bool
    dwell_s: float | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What somebody was shown for a query, in the order of the log. line: where it begins in its file, from 1."""

    instruction: str
    query: Side
    shown: tuple[Shown, ...]
    line: int = 0

    @property
    def last_click(self) -> int:
        """The lowest position that was clicked; 0 where none was."""
        return max((one.position for one in self.shown if one.clicked), default=0)


def read_pages(path: Path, param: str = "LOG") -> Iterator[Page | Malformed]:
    """The pages of a log, and its lines that are none; those of single results come last, for their lines may lie far
    apart. Raises NotFound, and InvalidInput for a file that cannot be read as UTF-8."""
    apart: dict[tuple[object, str, Side], list[Page]] = {}
    for number, line in read_lines(path, param):
        try:
            session, page = _parsed(line, number)
        except InvalidInput as error:
            yield Malformed(number, error.message, error.param)
            continue
        if session is None:
            yield page
        else:
            apart.setdefault((session, page.instruction, page.query), []).append(page)
    for (_, instruction, query), pages in apart.items():
        yield Page(instruction, query, tuple(one for page in pages for one in page.shown), pages[0].line)


def _parsed(line: str, number: int) -> tuple[str | None, Page]:
    """The page, and the session where it may have more lines."""
    value = decode(line)
    if not isinstance(value, dict) or "query" not in value:
        raise InvalidInput("a line is an object with query and shown, or with query and one result")
    instruction = value.get("instruction") or ""
    if not isinstance(instruction, str):
        raise InvalidInput("the instruction is a string", param="instruction")
    checked_text(instruction, param="instruction")
    query = read_side(value["query"], "query")
    if "shown" not in value:
        session = value.get("session")
        one = _shown(value, "", None)
        return None if session is None else repr(session), Page(instruction, query, (one,), number)
    if not isinstance(value["shown"], list) or not value["shown"]:
        raise InvalidInput("shown is a list of results, the first one first", param="shown")
    shown = [_shown(one, f"shown[{place}]", place + 1) for place, one in enumerate(value["shown"])]
    return None, Page(instruction, query, tuple(shown), number)


def _shown(value: object, param: str, place: int | None) -> Shown:
    if not isinstance(value, dict):
        raise InvalidInput(f"{param} is an object with a document and clicked", param=param)
    before = f"{param}." if param else ""
    document = read_side(_document(value), f"{before}document")
    clicked = value.get("clicked")
    if clicked not in (True, False):  # 1 and 0 too
        shown = repr(clicked)[:_SHOWN]
        raise InvalidInput(f"{before}clicked is true or false, not {shown}", param=f"{before}clicked")
    position = value.get("position", place)
    if isinstance(position, bool) or not isinstance(position, int) or not 1 <= position <= _FURTHEST:
        raise InvalidInput(
            f"{before}position is {repr(position)[:_SHOWN]}; it is a number from 1", param=f"{before}position"
        )
    return Shown(document, position, bool(clicked), _dwell(value, before))


def _document(value: Mapping[str, Any]) -> object:
    own = {name: value[name] for name in ("text", "image") if name in value}
    if "document" in value and own:
        raise InvalidInput("a result has a document, or text and image, and not both", param="document")
    return value.get("document", own)


def _dwell(value: Mapping[str, Any], before: str) -> float | None:
    dwell = value.get("dwell_s")
    if dwell is None:
        return None
    if isinstance(dwell, bool) or not isinstance(dwell, int | float) or not 0 <= dwell <= _LONGEST_S:
        raise InvalidInput(
            f"{before}dwell_s is {repr(dwell)[:_SHOWN]}; it is a number of seconds", param=f"{before}dwell_s"
        )
    return float(dwell)
