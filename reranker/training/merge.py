"""An adapter and its base made into one whole checkpoint. Knows no data and no trainer."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch

from content.errors import InvalidInput, ModelError
from reranker import adapter_files, files
from reranker.checkpoint import load, save, stored_dtype
from reranker.device import choose_dtype
from reranker.placing import weight_bytes
from reranker.progress import Progress, nobody
from reranker.training.checkpoints import written_whole

_CPU: Final = torch.device("cpu")


@dataclass(frozen=True, slots=True)
class Merged:
    """dtype: of the weights that were written, as PyTorch calls it. size: their bytes."""

    base: str
    dtype: str
    size: int


def merge(adapter: str | Path, output: Path, *, dtype: str | None = None, progress: Progress = nobody) -> Merged:
    """Writes base and adapter as one checkpoint in the Lychee layout, which any loader of a Qwen2.5-VL takes: config,
    weights in safetensors, tokenizer, processor and chat template. On the CPU.

    adapter: a folder, or a name of the hub. output: a folder that is not there yet; it appears when all is written.
    dtype: bf16, fp16, fp32; None keeps the base's own. Sums are made in float32 and rounded once.
    Raises ModelError for what is no adapter or cannot be loaded, InvalidInput for the other arguments.
    """
    if output.exists() or output.is_symlink():
        raise InvalidInput(f"{output} is there already; name a folder that is not", param="OUTPUT")
    found = adapter_files.find(files.locate(adapter))
    if found is None:
        raise ModelError(f"{adapter} is a whole checkpoint, there is nothing to merge; it can be used as it is")
    stored = stored_dtype(adapter_files.base_folder(found))
    wanted = stored if dtype is None else choose_dtype(dtype, _CPU)
    meanwhile = wanted if wanted == stored else torch.float32
    checkpoint = load(adapter, device=_CPU, dtype=meanwhile, merged=True, progress=progress)
    torch.nn.Module.to(checkpoint.model, wanted)
    try:
        with written_whole(output) as folder:
            save(checkpoint.model, checkpoint.processor, folder, progress)
    except OSError as error:
        raise InvalidInput(f"{output} cannot be written: {error.strerror or error}", param="OUTPUT") from error
    return Merged(found.base, str(wanted).removeprefix("torch."), weight_bytes(checkpoint.model))
