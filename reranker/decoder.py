"""The language model of a Qwen2.5-VL, run over a prefix once and over packed documents behind it. Knows no tokens and
no pictures.

The layers are walked here and not by transformers' own `forward`, which has no place for keys and values that many
sequences share. Each projection, norm and activation is called as the module that it is, so that quantised or adapted
ones serve as well. Only what the verdict depends on is computed: the last layer's queries and its MLP for the last
tokens alone, and for the prefix none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor
from transformers.models.qwen2_5_vl.modeling_qwen2_5_vl import (
    Qwen2_5_VLAttention,
    Qwen2_5_VLDecoderLayer,
    Qwen2_5_VLTextModel,
    rotate_half,
)

from content.errors import ModelError
from reranker import mlp
from reranker.attention import causal, pack
from reranker.packing import Packing, Seen


@dataclass(frozen=True, slots=True, eq=False)
class PrefixState:
    """What documents need of a prefix: per layer keys and values, (prefix, key heads, head dim)."""

    keys: tuple[Tensor, ...]
    values: tuple[Tensor, ...]

    def __len__(self) -> int:
        return len(self.keys[0])

    @property
    def nbytes(self) -> int:
        return sum(tensor.nbytes for tensor in (*self.keys, *self.values))

    def first(self, tokens: int) -> "PrefixState":
        """The state of the first of its tokens: what follows a token changes nothing about it."""
        return PrefixState(*(tuple(part[:tokens] for part in parts) for parts in (self.keys, self.values)))

    def then(self, other: "PrefixState") -> "PrefixState":
        """The state of both, one behind the other."""
        keys = tuple(torch.cat(pair) for pair in zip(self.keys, other.keys, strict=True))
        return PrefixState(keys, tuple(torch.cat(pair) for pair in zip(self.values, other.values, strict=True)))


class Decoder:
    """Raises ModelError for a checkpoint whose attention slides over a window: only the plain pass runs it."""

    def __init__(self, model: Qwen2_5_VLTextModel) -> None:
        if model.has_sliding_layers:
            raise ModelError(
                "this checkpoint attends within a sliding window, which the shared-prefix pass does not know; "
                "choose the plain pass (the setting reranker_pass)"
            )
        self._model = model
        *self._layers, self._last = cast(Iterable[Qwen2_5_VLDecoderLayer], model.layers)

    def embed(self, tokens: Tensor) -> Tensor:
        """(n,) int64 -> (n, hidden)."""
        embedded: Tensor = self._model.embed_tokens(tokens)
        return embedded

    def read_prefix(self, hidden: Tensor, positions: Tensor, before: PrefixState | None = None) -> PrefixState:
        """The state of a prefix, of which `before` is known already.

        hidden: (n, hidden), what follows `before`. positions: (3, n).
        """
        rotary = self._rotary(hidden, positions)
        packing = None if before is None else pack([len(hidden)], len(before), hidden.device, hidden.dtype)
        keys, values = [], []
        for number, layer in enumerate(self._layers):
            normed = layer.input_layernorm(hidden)
            query, key, value = _query(layer, normed, rotary), _key(layer, normed, rotary), _value(layer, normed)
            keys.append(key)
            values.append(value)
            if before is None or packing is None:
                attended = causal(query, key, value)
            else:
                attended = packing.attend(query, Seen(key, value, before.keys[number], before.values[number]))
            hidden = _onward(layer, hidden, attended)
        normed = self._last.input_layernorm(hidden)
        keys.append(_key(self._last, normed, rotary))
        values.append(_value(self._last, normed))
        read = PrefixState(tuple(keys), tuple(values))
        return read if before is None else before.then(read)

    def read_documents(self, hidden: Tensor, positions: Tensor, packing: Packing, prefix: PrefixState) -> Tensor:
        """The last token of each document behind the prefix, normed: (documents, hidden).

        hidden: (tokens, hidden), all documents one after the other. positions: (3, tokens).
        """
        rotary = self._rotary(hidden, positions)
        for layer, prefix_key, prefix_value in zip(self._layers, prefix.keys, prefix.values, strict=False):
            normed = layer.input_layernorm(hidden)
            seen = Seen(_key(layer, normed, rotary), _value(layer, normed), prefix_key, prefix_value)
            hidden = _onward(layer, hidden, packing.attend(_query(layer, normed, rotary), seen))
        normed, ends = self._last.input_layernorm(hidden), packing.ends
        query = _query(self._last, normed[ends], tuple(part[ends] for part in rotary))
        seen = Seen(_key(self._last, normed, rotary), _value(self._last, normed), prefix.keys[-1], prefix.values[-1])
        attended = packing.attend_last(query, seen)
        final: Tensor = self._model.norm(_onward(self._last, hidden[ends], attended))
        return final

    def _rotary(self, hidden: Tensor, positions: Tensor) -> tuple[Tensor, ...]:
        """(cosines, sines), each (n, head dim)."""
        return tuple(part[0] for part in self._model.rotary_emb(hidden, positions[:, None]))


def _query(layer: Qwen2_5_VLDecoderLayer, normed: Tensor, rotary: tuple[Tensor, ...]) -> Tensor:
    attention = layer.self_attn
    return _rotated(_heads(attention, attention.q_proj(normed)), rotary)


def _key(layer: Qwen2_5_VLDecoderLayer, normed: Tensor, rotary: tuple[Tensor, ...]) -> Tensor:
    attention = layer.self_attn
    return _rotated(_heads(attention, attention.k_proj(normed)), rotary)


def _value(layer: Qwen2_5_VLDecoderLayer, normed: Tensor) -> Tensor:
    return _heads(layer.self_attn, layer.self_attn.v_proj(normed))


def _heads(attention: Qwen2_5_VLAttention, projected: Tensor) -> Tensor:
    return projected.view(len(projected), -1, attention.head_dim)


def _rotated(heads: Tensor, rotary: tuple[Tensor, ...]) -> Tensor:
    """heads: (n, heads, head dim)."""
    cosines, sines = (part[:, None] for part in rotary)
    turned: Tensor = rotate_half(heads)  # type: ignore[no-untyped-call]
    return heads * cosines + turned * sines


def _onward(layer: Qwen2_5_VLDecoderLayer, hidden: Tensor, attended: Tensor) -> Tensor:
    """What follows attention in a layer. hidden: (n, hidden) the layer's input. attended: (n, heads, head dim)."""
    hidden = hidden + layer.self_attn.o_proj(attended.reshape(len(hidden), -1))
    return hidden + mlp.run(layer.mlp, layer.post_attention_layernorm(hidden))
