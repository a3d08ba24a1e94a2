"""Packed documents on CUDA in 16 bit, by FlashAttention's variable-length kernels: flash-attn's where it can be
imported, else those that PyTorch brings. Knows nothing of layers."""

from collections.abc import Sequence
from itertools import accumulate

import torch
from torch import Tensor
from torch.nn.attention.varlen import AuxRequest, varlen_attn
from transformers.utils.import_utils import is_flash_attn_2_available

from reranker.attention import Attended


class Varlen:
    """A `Packing` without padding."""

    def __init__(self, lengths: Sequence[int], device: torch.device) -> None:
        bounds = [0, *accumulate(lengths)]
        self.ends = torch.tensor(bounds[1:], device=device) - 1
        self._bounds = torch.tensor(bounds, dtype=torch.int32, device=device)
        self._each = torch.arange(len(bounds), dtype=torch.int32, device=device)
        self._longest = max(lengths)
        self._attend = _flash_attn if is_flash_attn_2_available() else _torch

    def within(self, query: Tensor, key: Tensor, value: Tensor) -> Attended:
        bounds, longest = self._bounds, self._longest
        return self._attend(query, key, value, (bounds, bounds), (longest, longest), is_causal=True)

    def of_last(self, query: Tensor, key: Tensor, value: Tensor) -> Attended:
        return self._attend(query, key, value, (self._each, self._bounds), (1, self._longest), is_causal=False)

    def to_prefix(self, query: Tensor, key: Tensor, value: Tensor) -> Attended:
        ends = [torch.tensor([0, len(part)], dtype=torch.int32, device=query.device) for part in (query, key)]
        return self._attend(query, key, value, (ends[0], ends[1]), (len(query), len(key)), is_causal=False)


def _torch(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    bounds: tuple[Tensor, Tensor],
    longest: tuple[int, int],
    *,
    is_causal: bool,
) -> Attended:
    attended = varlen_attn(
        query,
        key,
        value,
        *bounds,
        *longest,
        return_aux=AuxRequest(lse=True),
        window_size=(-1, 0) if is_causal else (-1, -1),
        enable_gqa=query.shape[1] != key.shape[1],
    )
    out, lse = attended  # lse: (heads, tokens)
    return out, lse.transpose(0, 1)


def _flash_attn(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    bounds: tuple[Tensor, Tensor],
    longest: tuple[int, int],
    *,
    is_causal: bool,
) -> Attended:
    from flash_attn import flash_attn_varlen_func

    out, lse, _ = flash_attn_varlen_func(query, key, value, *bounds, *longest, causal=is_causal, return_attn_probs=True)
    return out, lse.transpose(0, 1)  # lse: (heads, tokens)
