"""How values of users and files are put on a terminal. Knows no command."""

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

from rich.console import Console
from rich.table import Table

from indexer.item import JsonValue

_WIDTH_OF_FILES = 200


def stdout() -> Console:
    """The console for answers; where they go to a file or a pipe, its lines are wide."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH_OF_FILES)


def stderr() -> Console:
    """The console for progress, warnings and errors."""
    return Console(stderr=True, highlight=False)


def loading(what: str) -> AbstractContextManager[object]:
    """Shows on a terminal that something is being loaded."""
    return stderr().status(f"Loading {what}")


def warn(warnings: Sequence[str]) -> None:
    for warning in warnings:
        stderr().print(one_line(warning), style="yellow", markup=False, soft_wrap=True)


def plain_table(*columns: str, numbers: int) -> Table:
    """A table without lines; the first `numbers` columns hold numbers, which stand on the right."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for place, name in enumerate(columns):
        number = place < numbers
        table.add_column(name, justify="right" if number else "left", no_wrap=number, overflow="fold")
    return table


def one_line(text: str, limit: int | None = None) -> str:
    """`text` on one line, at most `limit` characters, with control characters (which steer terminals) replaced."""
    line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(text.split()))
    return line if limit is None or len(line) <= limit else f"{line[: limit - 1]}…"


def excerpt(text: str | None, metadata: Mapping[str, JsonValue], limit: int = 120) -> str:
    """What a table shows of an item: its text, and behind it its metadata."""
    parts = [text or "", *(f"{key}={value}" for key, value in metadata.items())]
    return one_line("  ".join(part for part in parts if part), limit)


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
