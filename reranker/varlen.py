"""Packed documents on CUDA in 16 bit, by FlashAttention's variable-length kernels: flash-attn's where it can be
imported, else those that PyTorch brings. Knows nothing of layers.

A token attends to the prefix and to its own document in two calls, whose outputs are merged by their log-sum-exps,
which is exact (FlashAttention, arXiv 2205.14135, section 3.1): with out_i = softmax(s_i) v_i and lse_i = log sum exp
s_i, the softmax over both parts gives out_1 + sigmoid(lse_2 - lse_1) (out_2 - out_1).
"""

from collections.abc import Sequence
from itertools import accumulate

import torch
from torch import Tensor
from torch.nn.attention.varlen import AuxRequest, varlen_attn
from transformers.utils.import_utils import is_flash_attn_2_available

from reranker.packing import Seen

Attended = tuple[Tensor, Tensor]  # out (tokens, heads, head dim), log-sum-exp (tokens, heads) float32


class Varlen:
    """A `Packing` without padding."""

    def __init__(self, lengths: Sequence[int], prefix: int, device: torch.device) -> None:
        bounds = [0, *accumulate(lengths)]
        self.ends = torch.tensor(bounds[1:], device=device) - 1
        self._bounds = torch.tensor(bounds, dtype=torch.int32, device=device)
        self._each = torch.arange(len(bounds), dtype=torch.int32, device=device)
        self._prefix = torch.tensor([0, prefix], dtype=torch.int32, device=device)
        self._all_tokens = torch.tensor([0, bounds[-1]], dtype=torch.int32, device=device)
        self._all_ends = torch.tensor([0, len(lengths)], dtype=torch.int32, device=device)
        self._longest, self._prefix_length = max(lengths), prefix
        self._kernel = _flash_attn if is_flash_attn_2_available() else _torch

    def attend(self, query: Tensor, seen: Seen) -> Tensor:
        bounds, longest = (self._bounds, self._bounds), (self._longest, self._longest)
        own = self._kernel(query, seen.key, seen.value, bounds, longest, is_causal=True)
        return merge(own, self._to_prefix(query, seen, self._all_tokens))

    def attend_last(self, query: Tensor, seen: Seen) -> Tensor:
        bounds, longest = (self._each, self._bounds), (1, self._longest)
        own = self._kernel(query, seen.key, seen.value, bounds, longest, is_causal=False)
        return merge(own, self._to_prefix(query, seen, self._all_ends))

    def _to_prefix(self, query: Tensor, seen: Seen, whole: Tensor) -> Attended:
        bounds, longest = (whole, self._prefix), (len(query), self._prefix_length)
        return self._kernel(query, seen.prefix_key, seen.prefix_value, bounds, longest, is_causal=False)


def merge(one: Attended, other: Attended) -> Tensor:
    """Attention over both parts together, in the dtype of the parts."""
    (out, lse), (other_out, other_lse) = one, other
    weight = torch.sigmoid(other_lse - lse)[..., None]
    return torch.lerp(out.float(), other_out.float(), weight).to(out.dtype)


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
