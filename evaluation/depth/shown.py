"""The figures of depth as a table, as JSON and as a page. Computes none of them."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from evaluation.conditions import Conditions
from evaluation.depth.figures import MAIN, Figures, Line
from evaluation.pages.grid import Grid
from evaluation.report import frame, plots
from evaluation.report.facts import conditions

_HEADINGS = ("candidates", "pixels", "first look", MAIN, "against full", "ms", "time")
_NOTE = (
    "against full: mean difference of nDCG@10 per query with its 95 % interval and two-sided p; ms: median of a query; "
    "time: by that of reading all in full, with its 95 % interval. Nothing is kept of pictures between readings."
)


def grid(found: Figures) -> Grid:
    rows: list[tuple[str, ...]] = [
        ("0", "", "", _interval(found.stage1.mean, found.stage1.low, found.stage1.high), "", "", "")
    ]
    rows += [_row(one, full=one.way == found.full) for one in found.lines]
    return Grid(f"Quality and time over {found.queries:,} queries", _NOTE, _HEADINGS, tuple(rows), labels=1)


def to_json(title: str, documents: int, found: Figures, made_under: Conditions) -> Mapping[str, object]:
    return {"title": title, "documents": documents, **asdict(found), "conditions": asdict(made_under)}


def write_page(path: Path, title: str, documents: int, found: Figures, made_under: Conditions) -> None:
    """One HTML file that needs nothing else. Raises InvalidInput where it cannot be written."""
    plot = plots.of_costs(
        {one.way.name: (one.ms, one.quality) for one in found.lines},
        _series(found),
        found.stage1,
    )
    drawn = frame.figure(
        plot, "nDCG@10 beside the time of a query; along a line the candidates grow. Band: stage 1 alone."
    )
    frame.write(
        path,
        f"Depth for its price: {title}",
        f"{found.queries:,} queries over {documents:,} documents",
        {
            "Quality and time": f'<div class="plots">{drawn}</div>',
            "All ways of reading": frame.table(grid(found)),
            "Conditions": conditions(made_under),
        },
    )


def _series(found: Figures) -> dict[str, list[str]]:
    """Which ways are one line of the plot."""
    series: dict[str, list[str]] = {}
    for one in found.lines:
        name = f"{one.way.pixels:,} pixels" if one.way.keep is None else f"first look, {one.way.pixels:,} pixels"
        series.setdefault(name, []).append(one.way.name)
    return series


def _row(line: Line, *, full: bool) -> tuple[str, ...]:
    way, loss, time = line.way, line.loss, line.time
    against = "full" if full else f"{_interval(loss.difference, loss.low, loss.high, sign=True)}\np {loss.p:.4f}"
    return (
        f"{way.depth:,}",
        f"{way.pixels:,}",
        "" if way.keep is None else f"then {way.keep} in full",
        _interval(line.quality.mean, line.quality.low, line.quality.high),
        against,
        f"{line.ms:,.1f}",
        "1" if full else f"{time.mean:.2f}\n{time.low:.2f}-{time.high:.2f}",
    )


def _interval(mean: float, low: float, high: float, *, sign: bool = False) -> str:
    return f"{mean:+.3f}\n{low:+.3f} {high:+.3f}" if sign else f"{mean:.3f}\n{low:.2f}-{high:.2f}"
