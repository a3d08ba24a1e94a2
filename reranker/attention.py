"""Attention over packed documents: every token sees the whole prefix and, up to itself, its own document. Knows no
layers and no weights. Tensors are token-major: (tokens, heads, head dim)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import torch
from torch import Tensor
from torch.nn import functional

from reranker.device import has_flash
from reranker.packing import Packing, Seen

_KEYS = (
    32_768  # of all documents of a group, prefix included: copies of them are made, 134 MB in float32 on an 8B model
)


def pack(lengths: Sequence[int], prefix: int, device: torch.device, dtype: torch.dtype) -> Packing:
    """The fastest packing on a device: FlashAttention's variable-length kernels where they run, else `Grouped`.

    lengths: of the documents, in tokens, each at least 1. prefix: the prefix's length.
    """
    if has_flash(device, dtype):
        from reranker.varlen import Varlen

        return Varlen(lengths, prefix, device)
    return Grouped(lengths, prefix, device, dtype)


def causal(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Plain causal attention of one sequence, token-major."""
    grouped = query.shape[1] != key.shape[1]
    query, key, value = (part.transpose(0, 1)[None] for part in (query, key, value))
    out = functional.scaled_dot_product_attention(query, key, value, is_causal=True, enable_gqa=grouped)
    return out[0].transpose(0, 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Documents of like length, attended to as one batch.

    members: (documents,) which they are. rows: (documents, longest) the token at each place; beyond a document's end
    one of its own, whose output is left out, and which causality keeps from the others. inside: (documents, longest)
    bool, False beyond the end. bias: (longest, prefix + longest), -inf for what a token must not see. last_bias: the
    same for the documents' last tokens, (documents, 1, 1, prefix + longest).
    """

    members: Tensor
    rows: Tensor
    inside: Tensor
    bias: Tensor
    last_bias: Tensor


class Grouped:
    """A packing for any device and dtype: documents of like length become a batch, padded at their ends by at most a
    half, with the prefix's keys before their own; not more of them than `_KEYS` allow."""

    def __init__(self, lengths: Sequence[int], prefix: int, device: torch.device, dtype: torch.dtype) -> None:
        bounds = [0, *accumulate(lengths)]
        self.ends = torch.tensor(bounds[1:], device=device) - 1
        order = sorted(range(len(lengths)), key=lambda index: -lengths[index])
        cuts = [0]
        for place, index in enumerate(order):
            longest = lengths[order[cuts[-1]]]
            if 2 * lengths[index] < longest or (place + 1 - cuts[-1]) * (prefix + longest) > max(
                _KEYS, prefix + longest
            ):
                cuts.append(place)
        self._groups = [
            _group([bounds[index : index + 2] for index in order[start:stop]], order[start:stop], prefix, device, dtype)
            for start, stop in pairwise([*cuts, len(order)])
        ]

    def attend(self, query: Tensor, seen: Seen) -> Tensor:
        out = torch.empty_like(query)
        for group in self._groups:
            attended = _attend(query[group.rows], group, seen, group.bias)
            out[group.rows[group.inside]] = attended[group.inside]
        return out

    def attend_last(self, query: Tensor, seen: Seen) -> Tensor:
        out = torch.empty_like(query)
        for group in self._groups:
            out[group.members] = _attend(query[group.members, None], group, seen, group.last_bias)[:, 0]
        return out


def _attend(query: Tensor, group: _Group, seen: Seen, bias: Tensor) -> Tensor:
    """query, and what comes back: (documents, length, heads, head dim)."""
    keys, values = (
        torch.cat([before.expand(len(query), -1, -1, -1), own[group.rows]], dim=1).transpose(1, 2)
        for before, own in ((seen.prefix_key, seen.key), (seen.prefix_value, seen.value))
    )  # (documents, key heads, prefix + longest, head dim)
    grouped = query.shape[2] != keys.shape[1]
    out = functional.scaled_dot_product_attention(
        query.transpose(1, 2), keys, values, attn_mask=bias, enable_gqa=grouped
    )
    return out.transpose(1, 2)


def _group(
    bounds: Sequence[Sequence[int]], members: Sequence[int], prefix: int, device: torch.device, dtype: torch.dtype
) -> _Group:
    """bounds: of each member, the places of its first token and of the first one behind it."""
    starts, stops = torch.tensor(bounds).unsqueeze(-1).unbind(1)  # (documents, 1) each
    places = torch.arange(int((stops - starts).max()))[None]  # (1, longest)
    inside = starts + places < stops
    sees_prefix = torch.ones(len(members), prefix, dtype=torch.bool)
    sees = torch.ones(places.shape[1], prefix + places.shape[1], dtype=torch.bool).tril(prefix)
    last_sees = torch.cat([sees_prefix, inside], dim=1)[:, None, None]
    return _Group(
        torch.tensor(members, device=device),
        torch.minimum(starts + places, stops - 1).to(device),
        inside.to(device),
        _bias(sees, device, dtype),
        _bias(last_sees, device, dtype),
    )


def _bias(sees: Tensor, device: torch.device, dtype: torch.dtype) -> Tensor:
    return torch.zeros(sees.shape, dtype=dtype).masked_fill_(~sees, -torch.inf).to(device)
