"""The gated MLP that language model and vision tower have in common, run so that a CPU's cache holds what is in
between. Knows nothing of either."""

from typing import Protocol

import torch
from torch import Tensor

_CPU_ROWS = 512  # with more, the intermediate values leave the cache and their memory is mapped anew for every layer


class GatedMlp(Protocol):
    """down(act(gate(x)) * up(x))."""

    def gate_proj(self, hidden: Tensor, /) -> Tensor: ...
    def up_proj(self, hidden: Tensor, /) -> Tensor: ...
    def down_proj(self, hidden: Tensor, /) -> Tensor: ...
    def act_fn(self, hidden: Tensor, /) -> Tensor: ...


def run(mlp: GatedMlp, hidden: Tensor) -> Tensor:
    """(n, hidden) -> (n, hidden). Where gradients are taken nothing is overwritten, as they need what was there."""
    if torch.is_grad_enabled():
        return mlp.down_proj(mlp.act_fn(mlp.gate_proj(hidden)) * mlp.up_proj(hidden))
    rows = _CPU_ROWS if hidden.device.type == "cpu" else len(hidden)
    parts = [
        mlp.down_proj(mlp.act_fn(mlp.gate_proj(part)).mul_(mlp.up_proj(part))) for part in torch.split(hidden, rows)
    ]
    return parts[0] if len(parts) == 1 else torch.cat(parts)
