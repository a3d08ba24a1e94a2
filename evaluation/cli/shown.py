"""Compared systems on a terminal. Computes nothing."""

from collections.abc import Sequence

from rich.markup import escape

from evaluation.pages.grid import Grid, terminal
from evaluation.quality import tables
from evaluation.quality.figures import System
from search.cli.output import one_line, stdout

_NAME = 40


def show_systems(
    systems: Sequence[System], queries: Sequence[str], *, per_query: bool, more: Sequence[Grid] = ()
) -> None:
    """queries: in the order of the qrels. more: what is shown behind quality and tests."""
    shown = [tables.quality(systems, len(queries))]
    if len(systems) > 1:
        shown.append(tables.tests(systems))
    shown += more
    if per_query:
        shown.append(tables.per_query(systems, queries, next(iter(systems[0].values))))
    for grid in shown:
        stdout().print(terminal(_safe(grid)))


def _safe(grid: Grid) -> Grid:
    """Names of files and ids of queries may steer terminals, or hold rich's own marks."""
    rows = tuple((one_line(row[0], _NAME), *row[1:]) for row in grid.rows)
    headings = tuple(escape(one_line(each, _NAME)) for each in grid.headings)
    return Grid(escape(one_line(grid.title)), grid.note, headings, rows, grid.labels)
