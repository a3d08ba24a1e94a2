"""A run of fine-tuning from its first step to its last, and its going on after it was killed. Knows no command line."""

import shutil
import time
from dataclasses import fields, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from transformers import EarlyStoppingCallback, TrainerCallback, set_seed
from transformers.integrations.integration_utils import TensorBoardCallback
from transformers.trainer_callback import PrinterCallback

from content.errors import InvalidInput
from reranker.training import card, checkpoints, curves
from reranker.training.bar import Bar, Say, say, shown
from reranker.training.batches import Loader
from reranker.training.checks import check
from reranker.training.data import Parts, read_parts
from reranker.training.history import History
from reranker.training.judge import Judge, load_judge
from reranker.training.measuring import measure
from reranker.training.options import Arguments, Options
from reranker.training.precision import Precision, settle
from reranker.training.prompts import ExamplePrompts
from reranker.training.result import write_result
from reranker.training.run import Run, Value
from reranker.training.trainer import JudgeTrainer

RUNS: Final = "runs"  # TensorBoard's
_DECIDING: Final = (  # of transformers' settings, those that decide what comes of a run
    "per_device_train_batch_size",
    "gradient_accumulation_steps",
    "num_train_epochs",
    "max_steps",
    "learning_rate",
    "lr_scheduler_type",
    "lr_scheduler_kwargs",
    "warmup_steps",
    "optim",
    "weight_decay",
    "adam_beta1",
    "adam_beta2",
    "adam_epsilon",
    "max_grad_norm",
    "activation_checkpointing",
    "seed",
)
_NOT_DECIDING: Final = ("model_name_or_path", "train_data_path", "eval_data_path", "use_flash_attention_2", "resume")


def train(options: Options, arguments: Arguments, say: Say = say) -> Run:
    """Trains, and leaves the result in the output folder, where checkpoints, history and `run.json` are, too.

    say: told what a user should know, a line at a time.
    Raises InvalidInput, NotFound and ModelError, in one sentence, for whatever of the user's is wrong.
    """
    output_dir = Path(arguments.output_dir or "")
    if arguments.learning_rate is None:
        arguments.learning_rate = 2e-5 if options.full_finetuning else 1e-4
    check(options, arguments)
    precision = settle(options, arguments.bf16, arguments.device)
    parts = read_parts(options, arguments.seed)
    if parts.held_out is None:
        arguments.eval_strategy, arguments.do_eval, arguments.load_best_model_at_end = "no", False, False
    for line in (*precision.remarks, *parts.warnings):
        say(line)
    set_seed(arguments.seed)
    packs = options.packing and not arguments.activation_checkpointing and not precision.autocast
    if options.packing and not packs:
        say("packing is off: it does not go together with gradient checkpointing or full fine-tuning in bfloat16")
    judge = load_judge(options, arguments.device, precision.dtype, packs=packs)
    run, step = _begin(_run(options, arguments, parts, judge, precision), output_dir, options.resume)
    if run.finished:
        say(f"this run has ended before; its result is in {output_dir}")
        return run
    return _Session(options, arguments, parts, judge, precision, output_dir, say).go(run, step)


def _begin(run: Run, output_dir: Path, resume: bool) -> tuple[Run, int | None]:
    """The run as its folder knows it, and the step of the checkpoint from which it goes on, None for its beginning."""
    found = Run.read(output_dir)
    if found is None:
        if any((output_dir / name).exists() for name in ("adapter_config.json", "config.json")):
            raise InvalidInput(f"{output_dir} holds a model already; give another --output_dir", param="--output_dir")
        return run, None
    differences = [f"{name} is {was} there and {now} here" for name, (was, now) in found.differences(run).items()]
    if differences:
        raise InvalidInput(
            f"{output_dir} holds another run ({'; '.join(differences[:3])}); give another --output_dir",
            param="--output_dir",
        )
    checkpoints.clear_partial(output_dir)
    if not resume:
        for path in [*checkpoints.all_of(output_dir), output_dir / RUNS]:
            shutil.rmtree(path, ignore_errors=True)
        return run, None
    last = checkpoints.last(output_dir)
    return found, None if last is None else int(last.name.removeprefix(checkpoints.PREFIX))


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
        trainer.train(resume_from_checkpoint=last)
        return self._end(run, trainer)

    def _look_over(self, prompts: ExamplePrompts) -> None:
        """Every prompt is written once, so that what cannot be read is told now and not in an hour."""
        cut = 0
        for group in self._parts.train.groups:
            cut += sum(prompt.truncated for prompt in prompts.write(group.examples))
        if cut:
            self._say(
                f"{cut:,} documents are longer than --max_length {self._options.max_length:,} leaves room for: cut"
            )

    def _measure(self) -> dict[str, float]:
        assert self._parts.held_out is not None
        return measure(self._judge.reranker(), self._parts.held_out)

    def _trainer(self, prompts: ExamplePrompts, history: History, step: int | None, clock: "_Clock") -> JudgeTrainer:
        arguments = self._arguments
        batch_size, workers = arguments.per_device_train_batch_size, arguments.dataloader_num_workers
        loader = Loader(self._parts.train.groups, prompts, batch_size, arguments.seed, workers)
        callbacks: list[TrainerCallback] = [history, Bar(self._say), clock]
        if "tensorboard" in (arguments.report_to or []):
            arguments.report_to = [name for name in arguments.report_to or [] if name != "tensorboard"]
            callbacks.append(_tensorboard(self._output_dir / RUNS, step))
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


def _run(options: Options, arguments: Arguments, parts: Parts, judge: Judge, precision: Precision) -> Run:
    weights = list(judge.trained.parameters())
    settings: dict[str, Value] = {
        one.name: getattr(options, one.name) for one in fields(options) if one.name not in _NOT_DECIDING
    }
    settings |= {"lora_alpha": options.alpha}
    settings |= {name: _plain(getattr(arguments, name)) for name in _DECIDING}
    return Run(
        method=options.method,
        options=settings,
        base=options.model_name_or_path,
        base_fingerprint=judge.fingerprint,
        train=parts.train.data,
        held_out=None if parts.held_out is None else parts.held_out.data,
        device=str(arguments.device),
        dtype=str(precision.dtype).removeprefix("torch."),
        trained=sum(weight.numel() for weight in weights if weight.requires_grad),
        parameters=sum(weight.numel() for weight in weights),
        versions={name: version(name) for name in ("lychee-search", "torch", "transformers", "peft", "accelerate")},
    )


def _plain(value: object) -> Value:
    return value if value is None or isinstance(value, bool | int | float) else str(getattr(value, "value", value))
