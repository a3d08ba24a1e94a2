"""Linear layers whose weights are kept in 8 or 4 bits and made whole again for every call. Knows no checkpoint.

Weight-only: inputs and outputs keep their number format. That saves memory and no time; docs/decisions.md says why
these two and not the ready-made ones.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from content.errors import ModelError

Quantization = Literal["none", "int8", "int4"]

PACKAGE = "bitsandbytes"
BLOCK = 64  # weights that share a scale in 4 bits
_INT8_MAX = 127
_AT_ONCE = 2**20  # weights, whole blocks of them: on a CPU bitsandbytes takes 64 bytes and more for each meanwhile


class Int8Linear(nn.Module):
    """codes: (out, in) int8. scales: (out, 1) float32, a row's largest weight in magnitude / 127."""

    codes: Tensor
    scales: Tensor

    def __init__(self, weight: Tensor, bias: nn.Parameter | None) -> None:
        super().__init__()
        largest = weight.abs().amax(1, keepdim=True).float()  # (out, 1)
        scales = largest.clamp(min=torch.finfo(torch.float32).tiny) / _INT8_MAX
        self.register_buffer("scales", scales)
        self.register_buffer("codes", (weight / scales).round().to(torch.int8))
        self.bias = bias

    def forward(self, inputs: Tensor) -> Tensor:
        # Scaled before the product and not after it: in float16 the sums would overflow.
        weight = torch.empty(self.codes.shape, dtype=inputs.dtype, device=inputs.device)
        torch.mul(self.codes, self.scales, out=weight)
        return functional.linear(inputs, weight, self.bias)


class Int4Linear(nn.Module):
    """NF4: 16 values as normally distributed weights need them (arXiv 2305.14314), scaled in blocks of 64 weights. A
    block may reach over the end of a row, so that any shape will do.

    codes: (weights / 2, 1) uint8, two to a byte. scales: (blocks,) float32, a block's largest weight in magnitude.
    """

    codes: Tensor
    scales: Tensor

    def __init__(self, weight: Tensor, bias: nn.Parameter | None) -> None:
        super().__init__()
        self.shape = weight.shape
        parts = torch.split(weight.reshape(-1), _AT_ONCE)
        made = [torch.ops.bitsandbytes.quantize_4bit(part, BLOCK, "nf4", torch.uint8) for part in parts]
        self.register_buffer("codes", torch.cat([codes for codes, _ in made]))
        self.register_buffer("scales", torch.cat([scales for _, scales in made]).float())
        self.bias = bias

    def forward(self, inputs: Tensor) -> Tensor:
        weight = torch.ops.bitsandbytes.dequantize_4bit(self.codes, self.scales, BLOCK, "nf4", self.shape, inputs.dtype)
        return functional.linear(inputs, weight, self.bias)


def require(quantization: Quantization) -> None:
    """Makes ready what a quantisation needs. Raises ModelError where its package is missing or cannot be used."""
    if quantization != "int4":
        return
    if find_spec(PACKAGE) is None:
        raise ModelError(
            f"quantization int4 needs the package {PACKAGE}; install this project with its extra `quantized`, or take "
            "int8, which needs none"
        )
    try:
        with muted():
            import_module(PACKAGE)  # puts its operators into torch.ops
    except Exception as error:  # a broken binary can raise anything
        raise ModelError(f"quantization int4 needs the package {PACKAGE}, which does not load: {error}") from error


@contextmanager
def muted() -> Iterator[None]:
    """For imports of the package, by others too: it then warns of faster kernels for products that are not called
    here."""
    own = logging.getLogger(PACKAGE)
    level = own.level
    own.setLevel(logging.ERROR)
    try:
        yield
    finally:
        own.setLevel(level)


def quantized(linear: nn.Linear, quantization: Quantization, device: torch.device) -> nn.Module:
    """The layer on `device`; with `none` the same one, moved. Else its weight is there once whole, for as long as this
    takes."""
    if quantization == "none":
        return linear.to(device)
    weight = linear.weight.detach().to(device)
    made = Int8Linear(weight, linear.bias) if quantization == "int8" else Int4Linear(weight, linear.bias)
    return made.to(device)
