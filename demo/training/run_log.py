"""What a training writes while it runs: a curve as JSON lines, and checkpoints it can go on from. Knows no model."""

import json
import logging
import time
from pathlib import Path
from typing import Any

import torch

Figure = float | int | str | dict[str, float]

_log = logging.getLogger(__name__)


class RunLog:
    """A folder with `curve.jsonl` and `checkpoint.pt`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._curve = folder / "curve.jsonl"
        self._checkpoint = folder / "checkpoint.pt"
        self._saved = time.monotonic()

    def write(self, **figures: Figure) -> None:
        """Adds one line to the curve."""
        rounded = {name: _rounded(value) for name, value in figures.items()}
        with self._curve.open("a") as file:
            file.write(json.dumps(rounded) + "\n")
        _log.info("%s", rounded)

    def curve(self) -> list[dict[str, Any]]:
        if not self._curve.exists():
            return []
        return [json.loads(line) for line in self._curve.read_text().splitlines()]

    def cut(self, step: int) -> None:
        """Takes back what was written after `step`: from there the run is done again."""
        lines = [line for line in self.curve() if line["step"] <= step]
        self._curve.write_text("".join(json.dumps(line) + "\n" for line in lines))

    def save(self, state: dict[str, Any], every: float = 0.0) -> bool:
        """Keeps the state, at most once in `every` seconds; whether it did. A kill never leaves half a file."""
        if time.monotonic() - self._saved < every:
            return False
        unfinished = self._checkpoint.with_suffix(".part")
        torch.save(state, unfinished)
        unfinished.rename(self._checkpoint)
        self._saved = time.monotonic()
        return True

    def load(self) -> dict[str, Any] | None:
        if not self._checkpoint.exists():
            return None
        state: dict[str, Any] = torch.load(self._checkpoint, map_location="cpu", weights_only=False)
        return state


def _rounded(value: Figure) -> Figure:
    if isinstance(value, dict):
        return {name: round(one, 5) for name, one in value.items()}
    return round(value, 5) if isinstance(value, float) else value
