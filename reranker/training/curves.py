"""The curves of a run as a picture: loss and ranking quality over its steps. Knows no trainer."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from reranker.training.history import read_history

FILE: Final = "curves.png"
METRIC: Final = "nDCG@10"
_TRAINED, _HELD_OUT, _SECOND, _BEST = "#9aa5b1", "#c2410c", "#1d4ed8", "#15803d"
_SMOOTHED = 20  # points of the curve of the loss that are left when it is averaged
Points = list[tuple[float, float]]


def draw(output_dir: Path, best_step: int | None = None) -> Path | None:
    """Writes `curves.png` into the folder of a run, from its `history.jsonl`, and says where; None where the history
    holds nothing to draw yet. A line that a killed run has left half-written is passed over.

    best_step: the one whose weights were kept, which is marked; None marks the one with the highest nDCG@10.
    """
    rows = read_history(output_dir)
    losses, held_out, quality = (_points(rows, name) for name in ("loss", "eval_loss", f"eval_{METRIC}"))
    if not (losses or held_out or quality):
        return None
    figure = Figure(figsize=(8, 6 if quality else 3.6), dpi=130, facecolor="white", layout="constrained")
    # squeeze=False: always two dimensions of them
    panels = figure.subplots(2 if quality else 1, 1, sharex=True, squeeze=False)[:, 0]
    _draw_losses(panels[0], losses, held_out)
    if quality:
        _draw_quality(panels[1], quality, _points(rows, "eval_MRR"))
    for panel in panels:
        _mark(panel, _best(quality) if best_step is None else best_step, "best" if quality else "kept")
        _finish(panel)
    panels[-1].set_xlabel("step of the optimizer")
    return _write(figure, output_dir / FILE)


def _draw_losses(panel: Axes, losses: Points, held_out: Points) -> None:
    if losses:
        panel.plot(*_columns(losses), color=_TRAINED, linewidth=0.8, alpha=0.7, label="training, each step")
        if len(losses) > _SMOOTHED:
            panel.plot(*_columns(_averaged(losses)), color="#475569", linewidth=1.8, label="training, averaged")
    if held_out:
        panel.plot(*_columns(held_out), color=_HELD_OUT, marker="o", markersize=4, label="held out")
    panel.set_ylabel("loss")
    panel.set_ylim(bottom=0)


def _draw_quality(panel: Axes, ndcg: Points, mrr: Points) -> None:
    panel.plot(*_columns(ndcg), color=_HELD_OUT, marker="o", markersize=4, label=f"{METRIC}, held out")
    if mrr:
        panel.plot(*_columns(mrr), color=_SECOND, marker="s", markersize=3, linewidth=1, label="MRR, held out")
    if ndcg[0][0] == 0:
        panel.axhline(ndcg[0][1], color=_HELD_OUT, linestyle=":", linewidth=1, label=f"{METRIC} before training")
    panel.set_ylabel("ranking quality")


def _mark(panel: Axes, best_step: float | None, why: str) -> None:
    if best_step is not None:
        panel.axvline(best_step, color=_BEST, linestyle="--", linewidth=1.2, label=f"{why}: step {best_step:,.0f}")


def _finish(panel: Axes) -> None:
    panel.grid(color="#e5e7eb", linewidth=0.8)
    panel.set_axisbelow(True)
    panel.spines[["top", "right"]].set_visible(False)
    panel.xaxis.set_major_locator(MaxNLocator(integer=True))
    panel.legend(frameon=False, fontsize=9)


def _best(quality: Points) -> float | None:
    return max(quality, key=lambda point: point[1])[0] if quality else None


def _averaged(points: Points) -> Points:
    """The means of stretches of equal length, each at its middle, without a rest of less than half of one: noise."""
    length = -(-len(points) // _SMOOTHED)
    stretches = [points[start : start + length] for start in range(0, len(points) - length // 2, length)]
    return [(sum(x for x, _ in part) / len(part), sum(y for _, y in part) / len(part)) for part in stretches]


def _points(rows: Sequence[dict[str, float]], name: str) -> Points:
    """(step, value), by step; what is no number is left out."""
    return sorted(
        (float(row["step"]), float(row[name]))
        for row in rows
        if isinstance(row.get(name), int | float) and math.isfinite(row[name])
    )


def _columns(points: Points) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]


def _write(figure: Figure, path: Path) -> Path:
    temporary = path.with_name(f".{path.name}.partial")
    figure.savefig(temporary, format="png")
    return temporary.replace(path)
