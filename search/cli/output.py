"""How values of users and files are put on a terminal. Knows no command."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from indexer.item import JsonValue
from reranker.progress import Progress as OnProgress

_WIDTH_OF_FILES = 200


def stdout() -> Console:
    """The console for answers; where they go to a file or a pipe, its lines are wide."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH_OF_FILES)


def stderr() -> Console:
    """The console for progress, warnings and errors."""
    return Console(stderr=True, highlight=False)


@contextmanager
def loading(what: str) -> Iterator[OnProgress]:
    """Shows on a terminal that something is being loaded; how far it is, and at the end what it came to, where the
    callable it gives is told so."""
    console, told = stderr(), ""
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(f"Loading {what}", total=None)

        def tell(now: str, share: float) -> None:
            nonlocal told
            told = now
            bar.update(task, description=now, total=1.0, completed=share)

        yield tell
    if told and console.is_terminal:
        console.print(told, style="dim", markup=False)


@contextmanager
def counting(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Shows on a terminal how many of `total` are done and how long the others will take; the callable it gives is told
    after each."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = stderr()
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


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
