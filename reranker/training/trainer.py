"""transformers' Trainer, taught what an example, a verdict and a checkpoint are here. Knows no files of examples."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import EarlyStoppingCallback, Trainer, TrainerCallback
from transformers.trainer_callback import ExportableState
from transformers.trainer_utils import rotate_checkpoints

from reranker.training import checkpoints
from reranker.training.batches import Batch, Loader
from reranker.training.judge import Judge
from reranker.training.loss import soft_label_loss
from reranker.training.options import Arguments

STATE = "trainer_state.json"


class JudgeTrainer(Trainer):
    """loader: the batches of an epoch. measure: figures of the judge as it is now, by name, or None where nothing is
    held out. autocast: whether weights of 32 bits are computed with in bfloat16."""

    loss_is_scaled_for_ga = True  # by the examples of all passes of a step

    def __init__(
        self,
        judge: Judge,
        arguments: Arguments,
        loader: Loader,
        measure: Callable[[], dict[str, float]] | None,
        callbacks: Sequence[TrainerCallback],
        *,
        autocast: bool = False,
    ) -> None:
        super().__init__(
            model=judge.trained,
            args=arguments,
            train_dataset=loader.dataset,
            eval_dataset=None if measure is None else loader.dataset,  # that there is one; `measure` knows which
            callbacks=list(callbacks),
        )
        self._judge = judge
        self._loader = loader
        self._measure = measure
        self._autocast = autocast

    def get_train_dataloader(self) -> Loader:
        return self._loader

    def _prepare_inputs(self, inputs: Any) -> Any:  # noqa: ANN401  # transformers' signature
        return inputs

    def floating_point_ops(self, inputs: Any) -> int:  # noqa: ANN401  # transformers' signature
        return 0

    def _get_num_items_in_batch(self, batch_samples: list[Batch], device: torch.device) -> int:
        return sum(map(len, batch_samples))

    def compute_loss(
        self,
        model: nn.Module,
        inputs: Any,  # noqa: ANN401  # transformers' signature
        return_outputs: bool = False,
        num_items_in_batch: Tensor | int | None = None,
    ) -> Any:  # noqa: ANN401  # transformers' signature
        logits = self._judge.forward(inputs.prompts)
        losses = soft_label_loss(logits, inputs.scores.to(logits.device))
        loss = losses.sum() / (num_items_in_batch or len(inputs))
        return (loss, logits) if return_outputs else loss

    def _init_training_state(self, *settings: Any) -> tuple[int, int]:  # noqa: ANN401  # transformers' signature
        """A run that was killed when it had stopped early, and not yet ended, trains no more."""
        done = super()._init_training_state(*settings)
        epochs, checkpoint = settings[2], settings[3]
        exhausted = any(
            isinstance(callback, EarlyStoppingCallback)
            and callback.early_stopping_patience_counter >= callback.early_stopping_patience
            for callback in self.callback_handler.callbacks
        )
        return (epochs, 0) if checkpoint is not None and exhausted else done

    def evaluate(
        self,
        eval_dataset: Any = None,  # noqa: ANN401  # transformers' signature
        ignore_keys: list[str] | None = None,
        metric_key_prefix: str = "eval",
    ) -> dict[str, float]:
        if self._measure is None:
            return {}
        self._judge.trained.eval()
        metrics = {f"{metric_key_prefix}_{name}": value for name, value in self._measure().items()}
        self.log(dict(metrics))
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics

    def _determine_best_metric(self, metrics: dict[str, float], trial: Any) -> bool:  # noqa: ANN401  # transformers'
        """Of two steps that rank alike, the one with the lower loss is the better: on a few queries many do."""
        losses = {row["step"]: row["eval_loss"] for row in self.state.log_history if "eval_loss" in row}
        best = losses.get(self.state.best_global_step or -1)
        name = f"eval_{(self.args.metric_for_best_model or '').removeprefix('eval_')}"
        if metrics and best is not None and metrics[name] == self.state.best_metric and metrics["eval_loss"] < best:
            self.state.best_global_step = self.state.global_step
            return True
        return super()._determine_best_metric(metrics, trial)

    def _save_checkpoint(self, model: nn.Module, trial: Any) -> None:  # noqa: ANN401  # transformers' signature
        output_dir = Path(self.args.output_dir or "")
        with checkpoints.written_whole(output_dir / f"{checkpoints.PREFIX}{self.state.global_step}") as folder:
            checkpoints.save_trained(self._judge.trained, folder)
            self._save_optimizer_and_scheduler(str(folder))
            self._save_rng_state(str(folder))
            self._note_best()
            self._note_callbacks()
            self.state.save_to_json(str(folder / STATE))
        rotate_checkpoints(str(output_dir), self.args.save_total_limit, self.state.best_model_checkpoint)

    def _note_best(self) -> None:
        if self.state.best_global_step:
            best = Path(self.args.output_dir or "") / f"{checkpoints.PREFIX}{self.state.best_global_step}"
            if best.is_dir() or self.state.best_global_step == self.state.global_step:
                self.state.best_model_checkpoint = str(best)

    def _note_callbacks(self) -> None:
        """What callbacks count is a part of the state, as in transformers' own `_save_checkpoint`."""
        states: Any = self.state.stateful_callbacks  # declared as the list that it begins as
        for callback in [*self.callback_handler.callbacks, self.control]:
            if isinstance(callback, ExportableState):
                states[type(callback).__name__] = callback.state()

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: nn.Module | None = None) -> None:
        checkpoints.load_trained(self._judge.trained, Path(resume_from_checkpoint))

    def _load_best_model(self) -> None:
        if self.state.best_model_checkpoint is not None:
            checkpoints.load_trained(self._judge.trained, Path(self.state.best_model_checkpoint))

    def num_examples(self, dataloader: Any) -> int:  # noqa: ANN401  # transformers' signature
        return len(dataloader.dataset)

    def compute_loss_context_manager(self) -> ExitStack:
        stack = ExitStack()
        if self._autocast:
            stack.enter_context(torch.autocast(self.args.device.type, torch.bfloat16))
        return stack
