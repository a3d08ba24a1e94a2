"""A walk through the vision tower of a Qwen2.5-VL, many windows at a time. Knows no store and no files.

transformers' own `forward` calls attention once for each window, and cuts patches with a general convolution; the sums
here are the same. Modules are called as what they are, so that quantised ones serve as well.
"""

from collections.abc import Iterable, Sequence
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional
from transformers.models.qwen2_5_vl.modeling_qwen2_5_vl import (
    Qwen2_5_VisionTransformerPretrainedModel,
    Qwen2_5_VLVisionAttention,
    Qwen2_5_VLVisionBlock,
    apply_rotary_pos_emb_vision,
)
from transformers.vision_utils import get_vision_cu_seqlens, get_vision_position_ids, get_vision_window_index

from reranker import mlp


def see(tower: Qwen2_5_VisionTransformerPretrainedModel, patches: Tensor, grids: Tensor) -> Tensor:
    """What the language model reads of some pictures: (sum of tokens, hidden of the language model).

    patches: (sum of 4 x tokens, values of a patch), in the tower's dtype and on its device. grids: (pictures, 3) int64:
    frames, rows and columns of patches.
    """
    side = cast(int, tower.patch_size)  # the config could name two, but no Qwen2.5-VL does
    order, bounds = get_vision_window_index(grids, tower.spatial_merge_size, tower.window_size, side)
    order = order.to(patches.device)
    windows = _by_length(bounds.tolist(), patches.device)
    pictures = _by_length(get_vision_cu_seqlens(grids).tolist(), patches.device)
    places = get_vision_position_ids(grids, tower.spatial_merge_size)
    # The kernel is as large as its stride, so the convolution is a linear map of each patch.
    hidden = _in_windows(functional.linear(patches, tower.patch_embed.proj.weight.flatten(1)), order, tower)
    rotary = [_in_windows(part, order, tower) for part in tower.rotary_pos_emb(hidden, places)]
    for number, block in enumerate(cast(Iterable[Qwen2_5_VLVisionBlock], tower.blocks)):
        together = pictures if number in tower.fullatt_block_indexes else windows
        hidden = hidden + _attend(block.attn, block.norm1(hidden), rotary, together)
        hidden = hidden + mlp.run(block.mlp, block.norm2(hidden))
    seen: Tensor = tower.merger(hidden)
    return seen[torch.argsort(order)]


def _in_windows(rows: Tensor, order: Tensor, tower: Qwen2_5_VisionTransformerPretrainedModel) -> Tensor:
    """The same rows, those of a window one after the other. order: of groups of rows that become one token."""
    return rows.view(len(order), tower.spatial_merge_unit, -1)[order].flatten(0, 1)


def _by_length(bounds: Sequence[int], device: torch.device) -> list[Tensor]:
    """The rows of all stretches, as one (stretches, length) int64 per length that occurs."""
    starts, stops = torch.tensor(bounds[:-1]), torch.tensor(bounds[1:])
    lengths = stops - starts
    return [
        (starts[lengths == length, None] + torch.arange(length)).to(device) for length in torch.unique(lengths).tolist()
    ]


def _attend(
    attention: Qwen2_5_VLVisionAttention, normed: Tensor, rotary: Sequence[Tensor], stretches: Sequence[Tensor]
) -> Tensor:
    """Each patch attends to its stretch: a window, or the whole picture."""
    query, key, value = attention.qkv(normed).view(len(normed), 3, attention.num_heads, -1).unbind(1)
    query, key = apply_rotary_pos_emb_vision(query, key, *rotary)  # (n, heads, head dim)
    out = torch.empty_like(query)
    for rows in stretches:
        some = [part[rows].transpose(1, 2) for part in (query, key, value)]  # (stretches, heads, length, head dim)
        out[rows] = functional.scaled_dot_product_attention(some[0], some[1], some[2]).transpose(1, 2)
    attended: Tensor = attention.proj(out.flatten(1))
    return attended
