"""What a terminal shows of a run: one bar with the loss, and a line for each measurement. Knows no model."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from tqdm import tqdm  # type: ignore[import-untyped]
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

Say = Callable[[str], None]
_LINES: Final = 20  # at most, of the training loss, in a run that no terminal shows


def say(line: str) -> None:
    """One line on stderr, above a bar where there is one."""
    tqdm.write(line, file=sys.stderr)


@contextmanager
def counting(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar of its own for what takes a while; calling what it gives counts one."""
    with tqdm(desc=what, total=total, disable=None, leave=False) as bar:
        yield lambda: bar.update() and None


class Bar(TrainerCallback):
    """Where stderr is no terminal there is no bar but lines alone, up to twenty with the loss of training."""

    def __init__(self, say: Say = say) -> None:
        self._say = say
        self._bar: tqdm | None = None
        self._losses: list[float] = []  # since the last line about them

    def close(self) -> None:
        """Takes the bar away, also from a run that ends by an error or by Ctrl-C."""
        if self._bar is not None:
            self._bar.close()

    def on_train_begin(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **_: Any,  # noqa: ANN401  # transformers' signature
    ) -> None:
        self._bar = tqdm(
            desc="training", total=state.max_steps, initial=state.global_step, unit=" steps", disable=None, leave=False
        )

    def on_step_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **_: Any,  # noqa: ANN401  # transformers' signature
    ) -> None:
        if self._bar is not None:
            self._bar.update(state.global_step - self._bar.n)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: Mapping[str, float] | None = None,
        **_: Any,  # noqa: ANN401  # transformers' signature
    ) -> None:
        logs = logs or {}
        if "loss" in logs and self._bar is not None:
            self._bar.set_postfix_str(f"loss {logs['loss']:.3f}", refresh=False)
            if self._bar.disable:
                self._tell(state, logs["loss"])
        if "eval_loss" in logs:
            figures = shown({name.removeprefix("eval_"): value for name, value in logs.items()})
            self._say(f"epoch {state.epoch or 0:.2f}, step {state.global_step}: {figures}")

    def on_train_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **_: Any,  # noqa: ANN401  # transformers' signature
    ) -> None:
        self.close()

    def _tell(self, state: TrainerState, loss: float) -> None:
        self._losses.append(loss)
        if state.global_step % max(1, -(-state.max_steps // _LINES)) == 0:
            mean = sum(self._losses) / len(self._losses)
            self._say(f"step {state.global_step:,} of {state.max_steps:,}: training loss {mean:.4f}")
            self._losses.clear()


def shown(figures: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {figures[name]:.4f}" for name in ("loss", "nDCG@10", "MRR") if name in figures)
