"""One layer of the language model on packed rows: what its own forward computes under a block mask, at half the cost.

A document's tokens attend to the prefix and to their own document alone, so no score between two documents is computed.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers.models.qwen2_5_vl.modeling_qwen2_5_vl import apply_rotary_pos_emb

from demo.training.packing import Packed

_NEVER = -1e4  # well above bfloat16's limits, and nothing after a softmax


@dataclass(frozen=True, slots=True)
class PackedMask:
    """Added to scores. causal (p, p) and (d, d) causal parts; padding (b, 1, 1, p) hides the prefix's padding.
    A document's padding stands behind it, so causality hides it."""

    prefix_length: int
    document_length: int
    causal_prefix: Tensor
    causal_document: Tensor
    padding: Tensor

    @classmethod
    def of(cls, packed: Packed) -> "PackedMask":
        device = packed.ids.device
        padding = torch.zeros(len(packed.ids), 1, 1, packed.prefix, device=device)
        padding = padding.masked_fill(~packed.filled[:, None, None, : packed.prefix], _NEVER)
        causal = _causal(packed.prefix, device), _causal(packed.document, device)
        return cls(packed.prefix, packed.document, *causal, padding.bfloat16())


def layer_forward(layer: nn.Module, hidden: Tensor, turns: tuple[Tensor, Tensor], mask: PackedMask) -> Tensor:
    """(b, l, h) -> (b, l, h)."""
    hidden = hidden + _attend(layer.self_attn, layer.input_layernorm(hidden), turns, mask)  # type: ignore[operator, arg-type]
    return hidden + layer.mlp(layer.post_attention_layernorm(hidden))  # type: ignore[no-any-return, operator]


def _attend(attention: nn.Module, hidden: Tensor, turns: tuple[Tensor, Tensor], mask: PackedMask) -> Tensor:
    size: int = attention.head_dim  # type: ignore[assignment]
    query, key, value = (
        projection(hidden).unflatten(-1, (-1, size)).transpose(1, 2)  # type: ignore[operator]
        for projection in (attention.q_proj, attention.k_proj, attention.v_proj)
    )  # (b, heads, l, size)
    query, key = apply_rotary_pos_emb(query, key, *(turn.to(query.dtype) for turn in turns))
    query = query * size**-0.5
    key, value = (one.repeat_interleave(attention.num_key_value_groups, dim=1) for one in (key, value))
    mixed = torch.cat([_prefix(query, key, value, mask), _documents(query, key, value, mask)], dim=2)
    return attention.o_proj(mixed.transpose(1, 2).flatten(2))  # type: ignore[no-any-return, operator]


def _prefix(query: Tensor, key: Tensor, value: Tensor, mask: PackedMask) -> Tensor:
    query, key, value = (one[:, :, : mask.prefix_length] for one in (query, key, value))
    scores = query @ key.transpose(-1, -2) + mask.causal_prefix.to(query.dtype)
    return (
        scores.softmax(-1, dtype=torch.float32).to(value.dtype) @ value
    )  # padding of a prefix is seen by padding alone


def _documents(query: Tensor, key: Tensor, value: Tensor, mask: PackedMask) -> Tensor:
    p, d = mask.prefix_length, mask.document_length
    asking, own_key, own_value = (_apart(one[:, :, p:], d) for one in (query, key, value))  # (b, heads, n, d, size)
    to_prefix = query[:, :, p:] @ key[:, :, :p].transpose(-1, -2) + mask.padding.to(query.dtype)  # (b, heads, n d, p)
    to_own = asking @ own_key.transpose(-1, -2) + mask.causal_document.to(query.dtype)  # (b, heads, n, d, d)
    scores = torch.cat([to_prefix, to_own.flatten(2, 3)], dim=-1)
    weights = scores.softmax(-1, dtype=torch.float32).to(value.dtype)
    own = weights[..., p:].view(*own_value.shape[:3], d, d) @ own_value
    return weights[..., :p] @ value[:, :, :p] + own.flatten(2, 3)


def _causal(length: int, device: torch.device) -> Tensor:
    return torch.full((length, length), _NEVER, dtype=torch.bfloat16, device=device).triu(1)


def _apart(rows: Tensor, length: int) -> Tensor:
    """(b, heads, n length, size) -> (b, heads, n, length, size)."""
    b, heads, total, size = rows.shape
    return rows.reshape(b, heads, total // length, length, size)
