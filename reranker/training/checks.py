"""Values that make no sense, refused before anything is loaded. Knows no model."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from content.errors import InvalidInput
from reranker.examples.ranking import MEASURES
from reranker.prompt import MAX_TOKENS
from reranker.training.options import Arguments, Options

_JUDGED_BY: Final = (*MEASURES, "loss")
_WITHOUT_EFFECT: Final = {
    "label_smoothing_factor": "the scores of the examples are soft labels already",
    "neftune_noise_alpha": "it would reach one of the two ways in which batches are read",
    "auto_find_batch_size": "give --per_device_train_batch_size",
    "use_liger_kernel": "packed documents are read layer by layer",
    "torch_compile": "packed documents are read layer by layer",
    "deepspeed": "training runs on one device in one process",
    "fsdp": "training runs on one device in one process",
    "push_to_hub": "`hf upload` puts the folder of the result there",
}


def check(options: Options, arguments: Arguments) -> None:
    """Raises InvalidInput, naming the flag, for a value that is out of range."""
    numbers: dict[str, tuple[float | None, str, Callable[[float], bool]]] = {
        "learning_rate": (arguments.learning_rate, "more than 0", lambda value: value > 0),
        "num_train_epochs": (arguments.num_train_epochs, "more than 0", lambda value: value > 0),
        "per_device_train_batch_size": (arguments.per_device_train_batch_size, "from 1", lambda value: value >= 1),
        "gradient_accumulation_steps": (arguments.gradient_accumulation_steps, "from 1", lambda value: value >= 1),
        "lora_rank": (options.lora_rank, "from 1", lambda value: value >= 1),
        "lora_alpha": (options.alpha, "more than 0", lambda value: value > 0),
        "lora_dropout": (options.lora_dropout, "from 0 to less than 1", lambda value: 0 <= value < 1),
        "eval_share": (options.eval_share, "from 0 to less than 1", lambda value: 0 <= value < 1),
        "early_stopping_patience": (options.early_stopping_patience, "from 1", lambda value: value >= 1),
        "max_length": (options.max_length, f"from 1 to {MAX_TOKENS}", lambda value: 1 <= value <= MAX_TOKENS),
        "seed": (arguments.seed, "from 0 to 4294967295", lambda value: 0 <= value < 2**32),
        "save_steps": (arguments.save_steps, "more than 0", lambda value: value > 0),
        "weight_decay": (arguments.weight_decay, "from 0", lambda value: value >= 0),
    }
    for name, (value, range_, allows) in numbers.items():
        if value is not None and not allows(value):
            raise InvalidInput(f"--{name} is {value}; it is a number {range_}", param=f"--{name}")
    for name in _WITHOUT_EFFECT:
        if getattr(arguments, name):
            raise InvalidInput(f"--{name} is not offered: {_WITHOUT_EFFECT[name]}", param=f"--{name}")
    if arguments.fp16:
        raise InvalidInput("--fp16 is not offered: these weights were trained in bfloat16; give --bf16", param="--fp16")
    if arguments.metric_for_best_model not in (None, *_JUDGED_BY, *(f"eval_{name}" for name in _JUDGED_BY)):
        raise InvalidInput(
            f"--metric_for_best_model is {arguments.metric_for_best_model}; it is one of {', '.join(_JUDGED_BY)}",
            param="--metric_for_best_model",
        )
    if options.early_stopping_patience is not None and arguments.eval_strategy == "no":
        raise InvalidInput(
            "--early_stopping_patience counts evaluations, and --eval_strategy no makes none", param="--eval_strategy"
        )
    if arguments.world_size > 1:
        raise InvalidInput(
            "training runs on one device in one process; start it without torchrun", param="--local_rank"
        )
    if Path(arguments.output_dir or "").exists() and not Path(arguments.output_dir or "").is_dir():
        raise InvalidInput(f"--output_dir {arguments.output_dir} is a file; give a folder", param="--output_dir")
