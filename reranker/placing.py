"""A model's layers on the device that they are to run on, quantised on the way. Knows no files and no text."""

from collections.abc import Iterator

import torch
from torch import nn
from transformers import Qwen2_5_VLForConditionalGeneration

from content.errors import ModelError
from reranker.device import is_out_of_memory
from reranker.progress import Progress
from reranker.quantized import Quantization, quantized


def place(
    model: Qwen2_5_VLForConditionalGeneration, device: torch.device, quantization: Quantization, progress: Progress
) -> int:
    """Moves the model, layer by layer, and gives the bytes that it then takes.

    The linear layers of language model and vision tower are quantised, each as soon as it is on `device`; embeddings,
    norms and LM head stay as they are: passes read rows of the head.
    Raises ModelError where the device has too little memory.
    """
    what = f"moving the weights to {device}" if quantization == "none" else f"quantising to {quantization} on {device}"
    layers = list(_linear_layers(model.model))
    whole, total, done = weight_bytes(model), sum(layer.weight.nbytes for _, _, layer in layers), 0
    try:
        while layers:
            parent, name, layer = layers.pop(0)  # none of them is held longer than it takes
            done += layer.weight.nbytes
            setattr(parent, name, quantized(layer, quantization, device))
            del layer
            progress(what, done / total)
        nn.Module.to(model, device)
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise ModelError(_too_small(whole, device, quantization)) from error
    return weight_bytes(model)


def weight_bytes(model: nn.Module) -> int:
    """The memory that the weights take."""
    return sum(tensor.nbytes for tensor in (*model.parameters(), *model.buffers()))


def shown_bytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e8 else f"{count / 1e6:.1f} MB"


def _linear_layers(core: nn.Module) -> Iterator[tuple[nn.Module, str, nn.Linear]]:
    for parent in core.modules():
        for name, child in parent.named_children():
            if isinstance(child, nn.Linear):
                yield parent, name, child


def _too_small(whole: int, device: torch.device, quantization: Quantization) -> str:
    """whole: bytes of the model as it was read."""
    size = shown_bytes(whole)
    if quantization == "none":
        return (
            f"the model takes {size}, which is more than {device} has free; quantization int8 takes about half of that"
        )
    less = "; int4 takes less" if quantization == "int8" else ""
    return f"the model, {size} before quantization {quantization}, takes more than {device} has free{less}"
