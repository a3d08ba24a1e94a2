"""A run of fine-tuning from its first step to its last, and its going on after it was killed. Knows no command line."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from transformers import EarlyStoppingCallback, TrainerCallback, set_seed
from transformers.integrations.integration_utils import TensorBoardCallback
from transformers.trainer_callback import PrinterCallback

from content.errors import InvalidInput, ModelError
from reranker.device import is_out_of_memory
from reranker.training import card, checkpoints, curves
from reranker.training.bar import Bar, Say, counting, say, shown
from reranker.training.batches import Loader
from reranker.training.beginning import LOG, begin, describe
from reranker.training.checks import check
from reranker.training.data import Parts, read_parts
from reranker.training.history import History
from reranker.training.judge import Judge, load_judge
from reranker.training.measuring import measure
from reranker.training.options import Arguments, Options
from reranker.training.precision import Precision, settle
from reranker.training.prompts import ExamplePrompts
from reranker.training.result import write_result
from reranker.training.run import Run
from reranker.training.trainer import JudgeTrainer

_WHOLE_RATE: Final = 2e-5
_ADAPTER_RATE: Final = 1e-4  # of Lychee-rerank-mm's own training (model card)


def train(options: Options, arguments: Arguments, say: Say = say) -> Run:
    """Trains, and leaves the result in the output folder, where checkpoints, history and `run.json` are, too.

    say: told what a user should know, a line at a time.
    Raises InvalidInput, NotFound and ModelError, in one sentence, for whatever of the user's is wrong.
    """
    output_dir = Path(arguments.output_dir or "")
    if arguments.learning_rate is None:
        arguments.learning_rate = _WHOLE_RATE if options.full_finetuning else _ADAPTER_RATE
    check(options, arguments)
    precision = settle(options, arguments.bf16, arguments.device)
    parts = read_parts(options, arguments.seed)
    if parts.held_out is None:
        arguments.eval_strategy, arguments.do_eval, arguments.load_best_model_at_end = "no", False, False
    elif not parts.held_out.data.telling:
        arguments.metric_for_best_model, arguments.greater_is_better = "loss", False
    for line in (*precision.remarks, *parts.warnings):
        say(line)
    if not options.full_finetuning and arguments.learning_rate <= _WHOLE_RATE:
        say(
            f"a learning rate of {arguments.learning_rate:g} suits the training of all weights and "
            f"hardly moves an adapter, whose default is {_ADAPTER_RATE:g} (--learning_rate)"
        )
    set_seed(arguments.seed)
    packs = options.packing and not arguments.activation_checkpointing and not precision.autocast
    if options.packing and not packs:
        say("packing is off: it does not go together with gradient checkpointing or full fine-tuning in bfloat16")
    judge = load_judge(options, arguments.device, precision.dtype, packs=packs)
    run, step = begin(describe(options, arguments, parts, judge, precision), output_dir, options.resume)
    if run.finished:
        say(f"this run has ended before; its result is in {output_dir}")
        return run
    if step is not None:
        say(f"going on from step {step}")
    with _told(output_dir, arguments):
        return _Session(options, arguments, parts, judge, precision, output_dir, say).go(run, step)


@contextmanager
def _told(output_dir: Path, arguments: Arguments) -> Iterator[None]:
    """Lacks of memory and of room on the disk, in a sentence."""
    try:
        yield
    except OSError as error:
        raise InvalidInput(
            f"{output_dir} cannot be written: {error.strerror or error}", param="--output_dir"
        ) from error
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise ModelError(
            f"{arguments.device} has too little memory for this; a smaller --per_device_train_batch_size with more "
            "--gradient_accumulation_steps takes less, as do --gradient_checkpointing True and a smaller --max_length"
        ) from error


class _Session:
    """One process's part in a run."""

    def __init__(
        self,
        options: Options,
        arguments: Arguments,
        parts: Parts,
        judge: Judge,
        precision: Precision,
        output_dir: Path,
        say: Say,
    ) -> None:
        self._options, self._arguments, self._parts, self._judge = options, arguments, parts, judge
        self._precision, self._output_dir, self._say = precision, output_dir, say
        self._bar = Bar(say)
        self._started = time.monotonic()

    def go(self, run: Run, step: int | None) -> Run:
        """step: of the checkpoint to go on from."""
        prompts = ExamplePrompts(self._judge.writer, self._parts.train.contents)
        self._look_over(prompts)
        self._output_dir.mkdir(parents=True, exist_ok=True)
        checkpoints.name_base(self._judge.trained, self._options.model_name_or_path, self._output_dir)
        history = History(self._output_dir, step if run.before is None or step is not None else 0)
        if run.before is None and self._parts.held_out is not None:
            run = replace(run, before=self._measure())
            history.add(0, 0.0, {f"eval_{name}": value for name, value in (run.before or {}).items()})
        run.write(self._output_dir)
        if run.before is not None:
            self._say(f"before: {shown(run.before)}")
        trainer = self._trainer(prompts, history, step, _Clock(run, self._output_dir))
        last = None if step is None else str(self._output_dir / f"{checkpoints.PREFIX}{step}")
        try:
            trainer.train(resume_from_checkpoint=last)
        finally:
            self._bar.close()
        return self._end(run, trainer)

    def _look_over(self, prompts: ExamplePrompts) -> None:
        """Every prompt is written once, so that what cannot be read is told now and not in an hour."""
        cut = 0
        with counting("reading the examples", len(self._parts.train.groups)) as count:
            for group in self._parts.train.groups:
                cut += sum(prompt.truncated for prompt in prompts.write(group.examples))
                count()
        if cut:
            self._say(
                f"{cut:,} documents are longer than --max_length {self._options.max_length:,} leaves room for: cut"
            )

    def _measure(self) -> dict[str, float]:
        assert self._parts.held_out is not None
        with counting("measuring", len(self._parts.held_out.groups)) as count:
            return measure(self._judge.reranker(), self._parts.held_out, count)

    def _trainer(self, prompts: ExamplePrompts, history: History, step: int | None, clock: "_Clock") -> JudgeTrainer:
        arguments = self._arguments
        batch_size, workers = arguments.per_device_train_batch_size, arguments.dataloader_num_workers
        loader = Loader(self._parts.train.groups, prompts, batch_size, arguments.seed, workers)
        callbacks: list[TrainerCallback] = [history, self._bar, clock]
        if "tensorboard" in (arguments.report_to or []):
            arguments.report_to = [name for name in arguments.report_to or [] if name != "tensorboard"]
            callbacks.append(_tensorboard(self._output_dir / LOG, step))
        if self._options.early_stopping_patience is not None and self._parts.held_out is not None:
            callbacks.append(EarlyStoppingCallback(self._options.early_stopping_patience))
        arguments.disable_tqdm = True
        held_out = self._measure if self._parts.held_out is not None else None
        trainer = JudgeTrainer(self._judge, arguments, loader, held_out, callbacks, autocast=self._precision.autocast)
        trainer.remove_callback(PrinterCallback)
        return trainer

    def _end(self, run: Run, trainer: JudgeTrainer) -> Run:
        self._judge.trained.eval()
        write_result(self._judge, self._output_dir)
        state = trainer.state
        run = replace(
            run,
            finished=True,
            after=self._measure() if self._parts.held_out is not None else None,
            steps=state.global_step,
            epochs=state.epoch or 0.0,
            best_step=state.best_global_step if self._arguments.load_best_model_at_end else state.global_step,
            seconds=run.seconds + time.monotonic() - self._started,
        )
        run.write(self._output_dir)
        curves.draw(self._output_dir, run.best_step)
        card.write(run, self._output_dir)
        if run.after is not None:
            self._say(f"after:  {shown(run.after)}")
        return run


class _Clock(TrainerCallback):
    """Notes with each checkpoint how long the run has taken."""

    def __init__(self, run: Run, output_dir: Path) -> None:
        self._run, self._output_dir, self._started = run, output_dir, time.monotonic()

    def on_save(self, *_: Any, **__: Any) -> None:  # noqa: ANN401  # transformers' signature
        replace(self._run, seconds=self._run.seconds + time.monotonic() - self._started).write(self._output_dir)


def _tensorboard(folder: Path, step: int | None) -> TensorBoardCallback:
    from torch.utils.tensorboard import SummaryWriter

    # What a killed run logged of later steps is not shown any more.
    writer = SummaryWriter(str(folder), purge_step=None if step is None else step + 1)
    return TensorBoardCallback(writer)  # type: ignore[no-untyped-call]
