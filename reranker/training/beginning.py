"""What a run will be, and whether a folder holds its beginning already. Knows no trainer."""

import shutil
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Final

from content.errors import InvalidInput
from reranker.training import checkpoints
from reranker.training.data import Parts
from reranker.training.judge import Judge
from reranker.training.options import Arguments, Options
from reranker.training.precision import Precision
from reranker.training.run import Run, Value

LOG: Final = "runs"  # TensorBoard's
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


def describe(options: Options, arguments: Arguments, parts: Parts, judge: Judge, precision: Precision) -> Run:
    """The run that these settings, data and checkpoint make, before it has done anything."""
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
        shared=parts.shared,
        device=str(arguments.device),
        dtype=str(precision.dtype).removeprefix("torch."),
        trained=sum(weight.numel() for weight in weights if weight.requires_grad),
        parameters=sum(weight.numel() for weight in weights),
        versions={name: version(name) for name in ("lychee-search", "torch", "transformers", "peft", "accelerate")},
    )


def begin(run: Run, output_dir: Path, resume: bool) -> tuple[Run, int | None]:
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
        for path in [*checkpoints.all_of(output_dir), output_dir / LOG]:
            shutil.rmtree(path, ignore_errors=True)
        return run, None
    last = checkpoints.last(output_dir)
    return found, None if last is None else int(last.name.removeprefix(checkpoints.PREFIX))


def _plain(value: object) -> Value:
    return value if value is None or isinstance(value, bool | int | float) else str(getattr(value, "value", value))
