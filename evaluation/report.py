"""Turns results into a table for people and into JSON for scripts; computes nothing."""

from collections.abc import Mapping, Sequence

from rich.box import SIMPLE
from rich.table import Table
from rich.text import Text

from evaluation.demo import TaskResult
from evaluation.metrics import MEASURES, Estimate

JsonObject = dict[str, object]


def table(results: Sequence[TaskResult], title: str) -> Table:
    """One row per task, language and stage; cells are the mean above its 95 % interval. Fits 80 columns."""
    output = Table(
        title=title,
        caption="mean, and below it the 95 % bootstrap interval over queries",
        box=SIMPLE,
        padding=(0, 1, 0, 0),
    )
    for heading in ("task", "", "order of"):
        output.add_column(heading, no_wrap=True)
    for measure in MEASURES:
        output.add_column(measure, justify="right", no_wrap=True)
    for result in results:
        for stage, estimates in (("stage 1", result.stage1), ("stage 2", result.stage2)):
            cells = (_cell(estimates[measure]) for measure in MEASURES)
            output.add_row(result.name, result.language, stage, *cells, end_section=stage == "stage 2")
    return output


def as_json(results: Sequence[TaskResult], run: Mapping[str, object]) -> JsonObject:
    """`run` (models, sizes, seed, seconds) beside the figures of every task."""
    return {"run": dict(run), "results": [_result(result) for result in results]}


def _result(result: TaskResult) -> JsonObject:
    return {
        "task": result.name,
        "language": result.language,
        "queries": result.queries,
        "stage1": {name: _estimate(value) for name, value in result.stage1.items()},
        "stage2": {name: _estimate(value) for name, value in result.stage2.items()},
    }


def _cell(value: Estimate) -> Text:
    return Text(f"{value.mean:.3f}").append(f"\n{value.low:.2f}-{value.high:.2f}", style="dim")


def _estimate(value: Estimate) -> JsonObject:
    return {"mean": value.mean, "low": value.low, "high": value.high}
