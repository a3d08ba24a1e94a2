"""How a benchmark's figures become a page, and the sentence that says where they come from. Knows no benchmark."""

from collections.abc import Sequence

from evaluation.conditions import Conditions
from evaluation.pages.grid import Grid, markdown


def as_markdown(about: Sequence[str], grids: Sequence[Grid]) -> str:
    """What docs/benchmarks.md takes: what the run was about, and the tables with their notes."""
    return "\n".join(["\n\n".join(about) + "\n", *map(_titled, grids)])


def _titled(grid: Grid) -> str:
    note = f": {grid.note}." if grid.note else ""
    return f"**{grid.title}**{note}\n\n{markdown(grid)}"


def setting(conditions: Conditions) -> str:
    """Where and how, in a sentence or two."""
    libraries = ", ".join(f"{name} {number}" for name, number in conditions.versions.items())
    threads = "1 thread" if conditions.threads == 1 else f"{conditions.threads} threads"
    where = f"{threads} of {conditions.processor} ({conditions.cores} cores)"
    on = where if conditions.device == "cpu" else f"{conditions.device}, {where}"
    commit = "" if conditions.commit is None else f", commit {conditions.commit[:12]}"
    load, command = conditions.options["load_before"], conditions.options["command"]
    return (
        f"{on}; {conditions.dtype}; {libraries}, Python {conditions.python}{commit}; load average {load} before. "
        f"`{command}`"
    )
