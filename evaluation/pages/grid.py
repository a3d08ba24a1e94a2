"""A table of short texts, shown in a terminal or in Markdown. Knows nothing of what it shows."""

from dataclasses import dataclass

from rich.box import SIMPLE
from rich.console import Group
from rich.table import Table
from rich.text import Text


@dataclass(frozen=True, slots=True)
class Grid:
    """title: what is shown. note: how to read it. rows: as many cells each as there are headings; further lines of a
    cell say less important things. labels: how many columns, from the left, name the row."""

    title: str
    note: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    labels: int


def terminal(grid: Grid) -> Group:
    """Columns that need not be wide are not; more than 80 characters are for the grid's maker to avoid. The note may be
    wider than the table."""
    table = Table(title=grid.title, title_justify="left", box=SIMPLE, padding=(0, 1, 0, 0))
    for number, heading in enumerate(grid.headings):
        table.add_column(heading, justify="left" if number < grid.labels else "right", no_wrap=True)
    for row in grid.rows:
        table.add_row(*(_dimmed(cell) for cell in row))
    return Group(table, Text.from_markup(f" {grid.note}\n", style="dim italic")) if grid.note else Group(table)


def markdown(grid: Grid) -> str:
    """The table alone, without title and note."""
    marks = ["---"] * grid.labels + ["--:"] * (len(grid.headings) - grid.labels)
    lines = [grid.headings, tuple(marks), *grid.rows]
    return "\n".join("| " + " | ".join(_escaped(cell) for cell in line) + " |" for line in lines) + "\n"


def _dimmed(cell: str) -> Text:
    first, *rest = cell.split("\n")
    return Text(first).append("".join(f"\n{line}" for line in rest), style="dim")


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", "<br>")
