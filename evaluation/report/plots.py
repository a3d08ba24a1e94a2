"""The plots of a report as SVG that takes its colours and its font from the page around it. Knows no page."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import cycle
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from matplotlib.typing import RcKeyType

from evaluation.report.figures import MAIN, Stage
from evaluation.report.markup import safe
from evaluation.report.words import seconds
from measures.metrics import Estimate

# Colours that stand for the page's own, which differ in the light and in the dark.
_INK, _FAINT, _LINE, _STAGE_1, _STAGE_2 = "#010101", "#020202", "#030303", "#040404", "#050505"
_NAMES = {_INK: "--ink", _FAINT: "--faint", _LINE: "--line", _STAGE_1: "--stage-1", _STAGE_2: "--stage-2"}
_SIZE = (4.6, 3.1)  # inches of 72 points
_STYLE: dict[RcKeyType, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "report",
    "font.size": 10.5,
    "text.color": _INK,
    "axes.labelcolor": _FAINT,
    "axes.edgecolor": _LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": _LINE,
    "ytick.color": _LINE,
    "xtick.labelcolor": _FAINT,
    "ytick.labelcolor": _FAINT,
    "grid.color": _LINE,
    "legend.frameon": False,
}


def by_depth(systems: Sequence[Stage], name: str = "depth") -> str:
    """Quality of stage 2 by the number of candidates, with its intervals, beside stage 1's. name: of its parts' ids."""
    first, rest = systems[0].estimates[MAIN], systems[1:]
    depths = [one.depth or 0 for one in rest]
    with _plot() as (figure, axes):
        axes.axhspan(first.low, first.high, color=_STAGE_1, alpha=0.14, linewidth=0)
        axes.axhline(first.mean, color=_STAGE_1, linestyle="--", label="stage 1")
        _points(axes, depths, rest, line=True)
        axes.set_xscale("log")
        _ticks(axes, depths)
        axes.set_xlabel("candidates that stage 2 reads")
        axes.set_ylabel(MAIN)
        axes.legend(loc="best")
        told = ", ".join(f"{one.name} {one.estimates[MAIN].mean:.3f}" for one in systems)
        return _svg(figure, name, f"{MAIN} by the number of candidates: {told}")


def by_time(systems: Sequence[Stage], name: str = "time") -> str:
    """Quality beside the time of a query. Every system must have one."""
    times = [one.milliseconds or 0.0 for one in systems]
    with _plot() as (figure, axes):
        _points(axes, times[1:], systems[1:], line=True)
        first = systems[0].estimates[MAIN]
        axes.errorbar(
            times[0], first.mean, [[first.mean - first.low], [first.high - first.mean]], color=_STAGE_1, fmt="s"
        )
        for one, time in zip(systems, times, strict=True):
            label = "stage 1" if one.depth is None else f"{one.depth}"
            axes.annotate(label, (time, one.estimates[MAIN].mean), (6, -13), textcoords="offset points", color=_INK)
        axes.set_xscale("log")
        axes.margins(x=0.15)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: seconds(value)))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlabel("time of a query (median)")
        axes.set_ylabel(MAIN)
        told = ", ".join(
            f"{one.name} {seconds(time)} and {one.estimates[MAIN].mean:.3f}"
            for one, time in zip(systems, times, strict=True)
        )
        return _svg(figure, name, f"Time of a query and {MAIN}: {told}")


def of_costs(
    costs: Mapping[str, tuple[float, Estimate]],
    series: Mapping[str, Sequence[str]],
    stage1: Estimate,
    name: str = "costs",
) -> str:
    """Quality of named ways of reading beside their time. costs: milliseconds and quality of each. series: which of
    them are joined by a line, by its name. stage1: the band."""
    styles = zip(series.items(), cycle((_STAGE_2, _INK, _FAINT)), cycle("osD^vP"), strict=False)
    with _plot() as (figure, axes):
        axes.axhspan(stage1.low, stage1.high, color=_STAGE_1, alpha=0.14, linewidth=0)
        for (label, ways), colour, marker in styles:
            times, means = [costs[way][0] for way in ways], [costs[way][1].mean for way in ways]
            axes.plot(times, means, color=colour, marker=marker, markersize=5, label=label)
        axes.set_xlim(left=0)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: seconds(value)))
        axes.set_xlabel("time of a query (median)")
        axes.set_ylabel(MAIN)
        axes.legend(loc="best", fontsize=8.5)
        told = ", ".join(f"{way} {seconds(time)} and {one.mean:.3f}" for way, (time, one) in costs.items())
        return _svg(figure, name, f"{MAIN} beside the time of a query: {told}")


def of_gains(gains: Sequence[float], name: str = "gains") -> str:
    """How many queries won or lost how much by stage 2. gains: in [-1, 1]."""
    edges = np.linspace(-1.05, 1.05, 22)  # so that 0 lies in the middle of a bar
    counts, _ = np.histogram(gains, edges)
    middles = (edges[:-1] + edges[1:]) / 2
    colours = [_STAGE_1 if at < -0.01 else _STAGE_2 if at > 0.01 else _FAINT for at in middles]
    with _plot() as (figure, axes):
        axes.bar(middles, counts, width=0.088, color=colours)
        axes.set_xlim(-1.08, 1.08)
        axes.set_xticks([-1, -0.5, 0, 0.5, 1], ["−1", "−0.5", "0", "+0.5", "+1"])
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel(f"{MAIN} of stage 2 less that of stage 1")
        axes.set_ylabel("queries")
        told = f"{sum(one > 0 for one in gains)} higher, {sum(one < 0 for one in gains)} lower"
        return _svg(figure, name, f"Distribution of the differences in {MAIN} over {len(gains)} queries: {told}")


def _points(axes: Axes, at: Sequence[float], systems: Sequence[Stage], *, line: bool) -> None:
    """Estimates with their intervals."""
    found = [one.estimates[MAIN] for one in systems]
    means = [one.mean for one in found]
    errors = [[one.mean - one.low for one in found], [one.high - one.mean for one in found]]
    axes.errorbar(at, means, errors, color=_STAGE_2, fmt="o-" if line else "o", capsize=3, label="stage 2")


def _ticks(axes: Axes, at: Sequence[int]) -> None:
    axes.xaxis.set_major_locator(FixedLocator([float(one) for one in at]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))


@contextmanager
def _plot() -> Iterator[tuple[Figure, Axes]]:
    """Without pyplot, which keeps every figure and asks for a screen."""
    with mpl.rc_context(_STYLE):
        figure = Figure(_SIZE, layout="constrained")
        figure.patch.set_alpha(0)
        axes = figure.add_subplot()
        axes.patch.set_alpha(0)
        axes.grid(axis="y")
        yield figure, axes


def _svg(figure: Figure, name: str, label: str) -> str:
    """The drawing alone, as an element. label: what it shows, for those who cannot see it."""
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(buffer, format="svg", metadata=nothing)
    drawn = buffer.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    drawn = re.sub(r"<metadata>.*?</metadata>", "", drawn, flags=re.DOTALL)
    drawn = re.sub(
        r'(<svg[^>]*?) width="[^"]*"', r"\1", re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", drawn, count=1), count=1
    )
    drawn = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{name}-", drawn)  # several drawings share a page
    drawn = re.sub(r"font-family: [^;\"]*;? ?", "", drawn)
    for colour, variable in _NAMES.items():
        drawn = drawn.replace(colour, f"var({variable})")
    return drawn.replace("<svg", f'<svg class="plot" role="img" aria-label="{safe(label)}"', 1)
