"""The checkpoints of a run, folders that are there whole or not at all. Knows no trainer."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from peft import PeftModel, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors.torch import load_file, save_file

from reranker.adapter_files import record_base
from reranker.training.trained import Trained

PREFIX: Final = "checkpoint-"
_PARTIAL: Final = ".partial"
_ADAPTER, _WEIGHTS = "adapter_model.safetensors", "trained.safetensors"


@contextmanager
def written_whole(folder: Path) -> Iterator[Path]:
    """Where to write what is to be in `folder`, which appears when all of it is on the disk."""
    temporary = folder.with_name(f".{folder.name}{_PARTIAL}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    yield temporary
    for path in [*(path for path in temporary.rglob("*") if path.is_file()), temporary]:
        _to_disk(path)
    shutil.rmtree(folder, ignore_errors=True)
    temporary.replace(folder)
    _to_disk(folder.parent)


def last(output_dir: Path) -> Path | None:
    """The checkpoint of the highest step."""
    found = all_of(output_dir)
    return found[-1] if found else None


def all_of(output_dir: Path) -> list[Path]:
    """All checkpoints of a run, in the order of their steps."""
    found = [path for path in output_dir.glob(f"{PREFIX}*") if path.is_dir() and _step(path) is not None]
    return sorted(found, key=lambda path: _step(path) or 0)


def clear_partial(output_dir: Path) -> None:
    """Removes what a killed run has left half-written."""
    for path in output_dir.glob(f".{PREFIX}*{_PARTIAL}"):
        shutil.rmtree(path, ignore_errors=True)


def name_base(model: Trained, base: str, output_dir: Path) -> None:
    """Lets an adapter that is saved in the folder, or in a checkpoint there, find the checkpoint that it belongs to."""
    if isinstance(model, PeftModel):
        model.peft_config["default"].base_model_name_or_path = record_base(base, output_dir)


def save_trained(model: Trained, folder: Path) -> None:
    """The weights that are trained: an adapter as peft reads it, or those of the model by their names."""
    if isinstance(model, PeftModel):
        model.peft_config["default"].save_pretrained(str(folder))
        state = get_peft_model_state_dict(model, save_embedding_layers=False)
        save_file({name: part.contiguous() for name, part in state.items()}, folder / _ADAPTER, {"format": "pt"})
    else:
        state = {name: part.detach() for name, part in model.named_parameters() if part.requires_grad}
        save_file({name: part.contiguous() for name, part in state.items()}, folder / _WEIGHTS)


def load_trained(model: Trained, folder: Path) -> None:
    """The inverse of `save_trained`, to the last bit."""
    if isinstance(model, PeftModel):
        outcome: Any = set_peft_model_state_dict(model, load_file(folder / _ADAPTER))
        if outcome.unexpected_keys:
            raise ValueError(f"{folder} holds another adapter ({outcome.unexpected_keys[0]})")
        return
    state = load_file(folder / _WEIGHTS)
    for name, part in model.named_parameters():
        if part.requires_grad:
            part.data.copy_(state[name])


def _step(path: Path) -> int | None:
    digits = path.name.removeprefix(PREFIX)
    return int(digits) if digits.isdecimal() else None


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
