"""Attention over packed documents: every token sees the shared prefix and, up to itself, its own document. Knows no
layers and no weights.

The two parts are computed apart and merged by their log-sum-exps, which is exact (FlashAttention, arXiv 2205.14135,
section 3.1): with out_i = softmax(s_i) v_i and lse_i = log sum exp s_i, the softmax over both parts gives
out_1 + sigmoid(lse_2 - lse_1) (out_2 - out_1). Tensors are token-major: (tokens, heads, head dim).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

Attended = tuple[Tensor, Tensor]  # out (tokens, heads, head dim), log-sum-exp (tokens, heads) float32


class Packing(Protocol):
    """How the documents of one batch lie behind each other, and attention within them."""

    @property
    def ends(self) -> Tensor:
        """The place of each document's last token, (documents,) int64."""

    def within(self, query: Tensor, key: Tensor, value: Tensor) -> Attended:
        """Causal attention of each document in itself. query, key, value: (tokens, heads, head dim); of key and value
        there may be fewer heads (grouped queries)."""

    def of_last(self, query: Tensor, key: Tensor, value: Tensor) -> Attended:
        """Attention of each document's last token to the whole document. query: (documents, heads, head dim)."""

    def to_prefix(self, query: Tensor, key: Tensor, value: Tensor) -> Attended:
        """Attention of all tokens to all of a prefix. query: (any, heads, head dim), key, value: (prefix, ...)."""


def pack(lengths: Sequence[int], device: torch.device, dtype: torch.dtype) -> Packing:
    """The fastest packing for a device: FlashAttention's variable-length kernels on CUDA in 16 bit, else `Grouped`."""
    if device.type == "cuda" and dtype in (torch.bfloat16, torch.float16):
        from reranker.varlen import Varlen

        return Varlen(lengths, device)
    return Grouped(lengths, device)


def merge(one: Attended, other: Attended) -> Tensor:
    """Attention over both parts together, in the dtype of the parts."""
    (out, lse), (other_out, other_lse) = one, other
    weight = torch.sigmoid(other_lse - lse)[..., None]
    return torch.lerp(out.float(), other_out.float(), weight).to(out.dtype)


def causal(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Plain causal attention of one sequence, token-major."""
    out = functional.scaled_dot_product_attention(
        query.transpose(0, 1)[None],
        key.transpose(0, 1)[None],
        value.transpose(0, 1)[None],
        is_causal=True,
        enable_gqa=query.shape[1] != key.shape[1],
    )
    return out[0].transpose(0, 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Documents of like length. rows: (documents, longest) the token at each place; beyond a document's end any of its
    own, which the causal mask keeps from mattering. length: the longest. shorter: whether any is."""

    members: Tensor  # (documents,)
    rows: Tensor
    inside: Tensor  # (documents, longest) bool
    shorter: bool


class Grouped:
    """Documents of like length are attended to as one batch, padded at their ends by at most a half."""

    def __init__(self, lengths: Sequence[int], device: torch.device) -> None:
        bounds = [0, *accumulate(lengths)]
        self.ends = torch.tensor(bounds[1:], device=device) - 1
        order = sorted(range(len(lengths)), key=lambda index: -lengths[index])
        cuts = [0]
        for place, index in enumerate(order):
            if 2 * lengths[index] < lengths[order[cuts[-1]]]:
                cuts.append(place)
        self._groups = [
            _group(order[start:stop], lengths, bounds, device) for start, stop in pairwise([*cuts, len(order)])
        ]

    def within(self, query: Tensor, key: Tensor, value: Tensor) -> Attended:
        out, lse = torch.empty_like(query), query.new_empty(query.shape[:2], dtype=torch.float32)
        for group in self._groups:
            padded = [
                part[group.rows].transpose(1, 2) for part in (query, key, value)
            ]  # (documents, heads, longest, d)
            group_out, group_lse = _attend(*padded, is_causal=True)
            rows = group.rows[group.inside]
            out[rows] = group_out.transpose(1, 2)[group.inside]
            lse[rows] = group_lse.transpose(1, 2)[group.inside]
        return out, lse

    def of_last(self, query: Tensor, key: Tensor, value: Tensor) -> Attended:
        out, lse = torch.empty_like(query), query.new_empty(query.shape[:2], dtype=torch.float32)
        for group in self._groups:
            asked = query[group.members][:, :, None]  # (documents, heads, 1, d)
            padded = [part[group.rows].transpose(1, 2) for part in (key, value)]
            mask = group.inside[:, None, None] if group.shorter else None
            group_out, group_lse = _attend(asked, *padded, mask=mask)
            out[group.members], lse[group.members] = group_out[:, :, 0], group_lse[:, :, 0]
        return out, lse

    def to_prefix(self, query: Tensor, key: Tensor, value: Tensor) -> Attended:
        out, lse = _attend(*(part.transpose(0, 1)[None] for part in (query, key, value)))
        return out[0].transpose(0, 1), lse[0].transpose(0, 1)


def _group(members: Sequence[int], lengths: Sequence[int], bounds: Sequence[int], device: torch.device) -> _Group:
    sizes = torch.tensor([lengths[index] for index in members])
    places = torch.arange(int(sizes.max()))[None]  # (1, longest)
    starts = torch.tensor([bounds[index] for index in members])[:, None]
    rows = starts + torch.minimum(places, sizes[:, None] - 1)
    inside = places < sizes[:, None]
    return _Group(
        torch.tensor(list(members), device=device), rows.to(device), inside.to(device), bool(sizes.min() < sizes.max())
    )


def _attend(
    query: Tensor, key: Tensor, value: Tensor, *, is_causal: bool = False, mask: Tensor | None = None
) -> Attended:
    """Attention that gives its log-sum-exp. query: (n, heads, length, d); key, value: the same with as many or fewer
    heads; mask: (n, 1, 1, length) bool. -> out as query, lse (n, heads, length)."""
    if query.device.type != "cpu":
        return _attend_by_matrices(query, key, value, is_causal=is_causal, mask=mask)
    bias = None if mask is None else torch.zeros_like(mask, dtype=query.dtype).masked_fill_(~mask, -torch.inf)
    out, lse = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(
        query, key, value, 0.0, is_causal, attn_mask=bias
    )
    return out, lse


def _attend_by_matrices(query: Tensor, key: Tensor, value: Tensor, *, is_causal: bool, mask: Tensor | None) -> Attended:
    """The textbook's, for devices on which no kernel gives the log-sum-exp in this dtype."""
    groups = query.shape[1] // key.shape[1]
    key, value = key.repeat_interleave(groups, dim=1), value.repeat_interleave(groups, dim=1)
    scores = (query @ key.transpose(-1, -2)).float() * query.shape[-1] ** -0.5  # (n, heads, length, keys)
    if is_causal:
        later = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).triu(1)
        scores = scores.masked_fill(later, -torch.inf)
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    lse = scores.logsumexp(-1)
    return (scores - lse[..., None]).exp().to(value.dtype) @ value, lse
