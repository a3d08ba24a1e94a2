"""The reranker's vision tower on many small square pictures at once: what its own forward does one by one.

Every picture is 112 x 112: one attention window, so that windowed and full attention are the same.
"""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers.models.qwen2_5_vl.modeling_qwen2_5_vl import apply_rotary_pos_emb_vision

from demo.training.gallery import SIDE
from demo.training.loop import device_of

PATCH = 14
TOKENS = 16  # per picture, in rows of four
_MEAN = (0.48145466, 0.4578275, 0.40821073)  # of the image processor
_STD = (0.26862954, 0.26130258, 0.27577711)
_GRID = SIDE // PATCH


def see(visual: nn.Module, pictures: NDArray[np.uint8]) -> Tensor:
    """(n, 112, 112, 3) uint8 -> (n, 16, hidden): the merged tokens of each picture, row by row."""
    n = len(pictures)
    device = device_of(visual)
    hidden = visual.patch_embed(patches(pictures).to(device)).view(n, _GRID * _GRID, -1)  # type: ignore[operator]
    turns = visual.rotary_pos_emb(hidden, _positions().to(device))  # type: ignore[operator]
    for block in visual.blocks:  # type: ignore[union-attr]
        hidden = hidden + _attend(block.attn, block.norm1(hidden), turns)
        hidden = hidden + block.mlp(block.norm2(hidden))
    return visual.merger(hidden.reshape(n * _GRID * _GRID, -1)).view(n, TOKENS, -1)  # type: ignore[no-any-return, operator]


def patches(pictures: NDArray[np.uint8]) -> Tensor:
    """(n * 64, 3 * 2 * 14 * 14) float32, as the image processor cuts them: the four of one token beside each other."""
    n, pairs = len(pictures), _GRID // 2
    values = torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float().div_(255.0)
    values = (values - torch.tensor(_MEAN)[None, :, None, None]) / torch.tensor(_STD)[None, :, None, None]
    cut = values.view(n, 3, pairs, 2, PATCH, pairs, 2, PATCH).permute(0, 2, 5, 3, 6, 1, 4, 7)
    twice = cut.unsqueeze(6).expand(-1, -1, -1, -1, -1, -1, 2, -1, -1)  # a still picture is two equal frames
    return twice.reshape(n * _GRID * _GRID, -1)


def _positions() -> Tensor:
    """(64, 2): row and column of each patch, in the order of `patches`."""
    pairs = _GRID // 2
    rows = torch.arange(_GRID).view(pairs, 1, 2, 1).expand(pairs, pairs, 2, 2)
    columns = torch.arange(_GRID).view(1, pairs, 1, 2).expand(pairs, pairs, 2, 2)
    return torch.stack([rows.reshape(-1), columns.reshape(-1)], dim=-1)


def _attend(attention: nn.Module, hidden: Tensor, turns: tuple[Tensor, Tensor]) -> Tensor:
    n, length, _ = hidden.shape
    heads: int = attention.num_heads  # type: ignore[assignment]
    query, key, value = attention.qkv(hidden).view(n, length, 3, heads, -1).unbind(2)  # type: ignore[operator]
    query, key = apply_rotary_pos_emb_vision(query, key, *turns)
    mixed = F.scaled_dot_product_attention(query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2))
    return attention.proj(mixed.transpose(1, 2).reshape(n, length, -1))  # type: ignore[no-any-return, operator]
