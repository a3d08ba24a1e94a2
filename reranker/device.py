"""Where a model runs and in which number formats. Knows no checkpoint."""

from typing import Literal, get_args

import torch
from transformers.utils.import_utils import is_flash_attn_2_available

from content.errors import InvalidInput
from reranker.quantized import Quantization

Dtype = Literal["auto", "bf16", "fp16", "fp32"]

_DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}
_BF16_INSTRUCTIONS = ("avx512_bf16", "amx_bf16", "bf16", "sve_bf16")  # x86, x86, ARM, ARM


def choose_device(name: str) -> torch.device:
    """`auto` is CUDA where there is one, else the CPU; else any name of PyTorch's (`cpu`, `cuda`, `cuda:1`, `mps`).

    Raises InvalidInput for a name that means no device, or one that is not here.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise InvalidInput(f"device is auto, cpu, cuda, cuda:1 or mps, not {name!r}", param="device") from error
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise InvalidInput(
            f"device {name} is asked for, and PyTorch sees {torch.cuda.device_count()} CUDA devices; take cpu or auto",
            param="device",
        )
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise InvalidInput("device mps is asked for, and this machine has none; take cpu or auto", param="device")
    return device


def choose_dtype(name: str, device: torch.device) -> torch.dtype:
    """Raises InvalidInput for a name that is not one of `Dtype`."""
    if name not in get_args(Dtype):
        raise InvalidInput(f"dtype is one of {', '.join(get_args(Dtype))}, not {name!r}", param="dtype")
    return _auto_dtype(device) if name == "auto" else _DTYPES[name]


def choose_quantization(name: str) -> Quantization:
    """Raises InvalidInput for a name that is not one of `Quantization`."""
    for known in get_args(Quantization):
        if name == known:
            return known  # type: ignore[no-any-return]
    raise InvalidInput(
        f"quantization is one of {', '.join(get_args(Quantization))}, not {name!r}", param="quantization"
    )


def choose_attention(device: torch.device, dtype: torch.dtype) -> str:
    """flash-attn, where it runs and can be imported; else PyTorch's own attention."""
    return "flash_attention_2" if has_flash(device, dtype) and is_flash_attn_2_available() else "sdpa"


def has_flash(device: torch.device, dtype: torch.dtype) -> bool:
    """Whether FlashAttention's kernels run there: in 16 bit, on CUDA devices from compute capability 8.0 (Ampere)."""
    if device.type != "cuda" or dtype not in (torch.bfloat16, torch.float16):
        return False
    return torch.cuda.get_device_capability(device) >= (8, 0)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory was what lacked. PyTorch says so on a CPU in an ordinary RuntimeError."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)


def _auto_dtype(device: torch.device) -> torch.dtype:
    """bf16, which the weights were trained in, wherever the hardware computes in it; fp16 on older GPUs.

    A CPU without bf16 instructions emulates them many times slower than it computes in fp32, so there it is fp32.
    """
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    if device.type == "cpu" and not any(torch.cpu.get_capabilities().get(name) for name in _BF16_INSTRUCTIONS):
        return torch.float32
    return torch.bfloat16
