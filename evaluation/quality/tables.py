"""Figures of compared systems as tables of words. Computes none of them."""

from collections.abc import Sequence

from evaluation.pages.grid import Grid
from evaluation.quality.figures import Latency, System
from measures.metrics import Estimate

_INTERVALS = "means over {queries:,} queries, with their 95 % intervals"
_TESTED = "mean difference per query, its 95 % interval, two-sided p (Fisher's randomisation)"


def quality(systems: Sequence[System], queries: int) -> Grid:
    """Every measure of every system."""
    names = tuple(systems[0].estimates)
    rows = [(one.name, *(_estimate(one.estimates[name]) for name in names)) for one in systems]
    return Grid("Ranking quality", _INTERVALS.format(queries=queries), ("", *names), tuple(rows), labels=1)


def tests(systems: Sequence[System]) -> Grid:
    """Every system but the first against the first."""
    first, *others = systems
    names = tuple(first.estimates)
    rows = [(one.name, *(_against(one, name) for name in names)) for one in others]
    return Grid(f"Less {first.name}", _TESTED, ("", *names), tuple(rows), labels=1)


def latency(stages: Sequence[tuple[str, Latency | None]]) -> Grid:
    rows = [(name, f"{one.median:.1f}", f"{one.p95:.1f}") for name, one in stages if one is not None]
    note = "milliseconds a query"
    return Grid("Latency", note, ("", "median", "p95"), tuple(rows), labels=1)


def per_query(systems: Sequence[System], queries: Sequence[str], name: str) -> Grid:
    """One measure of every system for every query. queries: in the order of the qrels."""
    rows = [(query, *(f"{one.values[name][at]:.3f}" for one in systems)) for at, query in enumerate(queries)]
    return Grid(f"{name} by query", "", ("query", *(one.name for one in systems)), tuple(rows), labels=1)


def _estimate(value: Estimate) -> str:
    return f"{value.mean:.3f}\n{value.low:.2f}-{value.high:.2f}"


def _against(system: System, name: str) -> str:
    one = system.against[name]
    return f"{one.difference:+.3f}\n{one.low:+.2f} {one.high:+.2f}\np {one.p:.4f}"
