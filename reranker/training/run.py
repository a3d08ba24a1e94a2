"""What a run of training was: its settings, its data, its figures. Knows no model and no trainer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, Self

from content.errors import InvalidInput

FILE: Final = "run.json"
HISTORY: Final = "history.jsonl"
Value = str | int | float | bool | None
Figures = Mapping[str, float]
"""`loss`, `nDCG@10`, `MRR` and `recall@1` on the held-out part; `nDCG@10_low` and so on bound what chance may do."""


@dataclass(frozen=True, slots=True)
class Data:
    """A part of the data. path: its file's, as given. digest: of the file, 32 hexadecimal digits. share: of the file's
    queries that this part has, where one file was split. grades: how many examples have a score below
    0.25, below 0.5, below 0.75, and above. groups: queries by instruction. telling: those of them that
    measures of order count."""

    path: str
    digest: str
    examples: int
    queries: int
    share: float = 1.0
    grades: Sequence[int] = ()
    groups: int = 0
    telling: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One run, as `run.json` in its folder has it: written when it begins, and again when it has ended.

    options: every setting that decides what comes of it, by the name of its flag. base: the checkpoint's folder or its
    name on the hub. base_fingerprint: as `reranker.fingerprint` gives it, of the weights in `dtype`. held_out: None
    where nothing was held out. shared: queries of it that were trained on, too. before, after: of the checkpoint as it
    was, and as it came to be. steps: of the optimizer. best_step: the one whose weights were kept. seconds: of the time
    in training, over all its resumptions. trained, parameters: numbers of weights that were trained, and of all.
    """

    method: Literal["lora", "full"]
    options: Mapping[str, Value]
    base: str
    base_fingerprint: str
    train: Data
    held_out: Data | None
    device: str
    dtype: str
    trained: int
    parameters: int
    versions: Mapping[str, str]
    before: Figures | None = None
    after: Figures | None = None
    steps: int = 0
    epochs: float = 0.0
    best_step: int | None = None
    seconds: float = 0.0
    finished: bool = False
    shared: int = 0

    def differences(self, other: Self) -> dict[str, tuple[Value, Value]]:
        """In what the two would not come to the same: by name, this one's value and the other's."""
        mine, others = self._deciding(), other._deciding()
        names = [*mine, *(name for name in others if name not in mine)]
        return {name: (mine.get(name), others.get(name)) for name in names if mine.get(name) != others.get(name)}

    def ended(self, **figures: Any) -> "Run":  # noqa: ANN401  # fields of this class, which `replace` checks
        return replace(self, finished=True, **figures)

    def write(self, folder: Path) -> None:
        """Replaces the folder's `run.json` at once or not at all."""
        temporary = folder / f".{FILE}.partial"
        temporary.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        temporary.replace(folder / FILE)

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """The run whose folder this is, if it is any's. Raises InvalidInput for a `run.json` that is none."""
        try:
            value = json.loads((folder / FILE).read_text(encoding="utf-8"))
            parts = {name: value[name] and Data(**value[name]) for name in ("train", "held_out")}
            return cls(**{**value, **parts})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise InvalidInput(
                f"{folder / FILE} is not what training writes there; give another --output_dir", param="--output_dir"
            ) from error

    def _deciding(self) -> dict[str, Value]:
        data: dict[str, Value] = {
            "train data": self.train.digest,
            "held-out data": None if self.held_out is None else self.held_out.digest,
        }
        return {**self.options, "dtype": self.dtype, "base model": self.base_fingerprint, **data}
