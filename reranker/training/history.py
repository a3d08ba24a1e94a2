"""The history of a run, one JSON object a line, and its TensorBoard log. Knows no model.

A row is a step's: `{"step", "epoch", "loss", "learning_rate", "grad_norm"}`, or a measurement of the held-out part:
`{"step", "epoch", "eval_loss", "eval_nDCG@10", "eval_MRR", "eval_recall@1"}`; step 0 is the checkpoint as it was.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from reranker.training.run import HISTORY

_NOT_A_STEPS = "train_"  # what the trainer sums up at its end


class History(TrainerCallback):
    """Appends to the history of a folder. step: of the checkpoint that the run goes on from; what a killed run wrote of
    later ones is forgotten."""

    def __init__(self, output_dir: Path, step: int | None) -> None:
        self._path = output_dir / HISTORY
        kept = [] if step is None else [row for row in read_history(output_dir) if row["step"] <= step]
        temporary = self._path.with_name(f".{HISTORY}.partial")
        temporary.write_text("".join(map(_line, kept)), encoding="utf-8")
        temporary.replace(self._path)

    def add(self, step: int, epoch: float, figures: Mapping[str, float]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_line({"step": step, "epoch": round(epoch, 4), **figures}))

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: Mapping[str, float] | None = None,
        **_: Any,  # noqa: ANN401  # transformers' signature
    ) -> None:
        figures = {name: value for name, value in (logs or {}).items() if not name.startswith(_NOT_A_STEPS)}
        figures = {name: value for name, value in figures.items() if name not in ("epoch", "total_flos")}
        if figures:
            self.add(state.global_step, state.epoch or 0.0, figures)


def read_history(output_dir: Path) -> list[dict[str, float]]:
    """The rows of a run's history; [] where there is none. A line that was not written to its end is left out."""
    rows = []
    try:
        lines = (output_dir / HISTORY).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and isinstance(row.get("step"), int):
            rows.append(row)
    return rows


def _line(row: Mapping[str, float]) -> str:
    """NaN, which JSON has not, is null."""
    value = {name: None if isinstance(part, float) and not math.isfinite(part) else part for name, part in row.items()}
    return json.dumps(value) + "\n"
