"""Pictures by number: a key, and features that can be made again."""

import torch
from torch import Tensor


def key_of(number: int) -> bytes:
    return number.to_bytes(16, "big")


def features_of(number: int) -> Tensor:
    """(64, 256) bf16: 32 kB."""
    return torch.randn(64, 256, generator=torch.Generator().manual_seed(number)).bfloat16()
