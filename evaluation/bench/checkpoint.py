"""A checkpoint of any measures with random weights, made where it will run. Knows no documents.

Random weights cost what trained ones cost. They come from a seed, spread so that a layer neither drowns what it
reads nor is drowned by it: a standard deviation of 1 / sqrt(inputs), and less for what is added to the residual
stream (GPT-2's rule).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor
from transformers import (
    AutoModelForImageTextToText,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2_5_VLProcessor,
)

from content.errors import InvalidInput
from demo.training.reranker_layout import build_processor
from evaluation.bench.shape import MERGE, PATCH, WINDOW, Shape
from reranker.device import choose_attention
from reranker.prompt import NO, YES

_BOUNDS: Final = {"shortest_edge": 56 * 56, "longest_edge": 16384 * 28 * 28}  # pixels; the published checkpoints' own
_TO_RESIDUAL: Final = ("o_proj.weight", "down_proj.weight", "attn.proj.weight")
_SHARP: Final = 4.0  # attention that chooses, as a trained one does; flat, it would make all documents look the same


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """shape: what it was made to."""

    shape: Shape
    model: Qwen2_5_VLForConditionalGeneration
    processor: Qwen2_5_VLProcessor


def make(shape: Shape, device: torch.device, dtype: torch.dtype, seed: int) -> Checkpoint:
    """Raises InvalidInput where the vocabulary has no room for the tokenizer's."""
    processor = build_processor()
    processor.image_processor.size = _BOUNDS
    if shape.vocab < len(processor.tokenizer):
        raise InvalidInput(
            f"--vocab is at least {len(processor.tokenizer)}, the tokenizer's own, not {shape.vocab}", param="--vocab"
        )
    torch.manual_seed(seed)
    with torch.device(device):
        made: Any = AutoModelForImageTextToText.from_config(  # type: ignore[no-untyped-call]
            _config(shape, processor), dtype=dtype, attn_implementation=choose_attention(device, dtype)
        )
    model: Qwen2_5_VLForConditionalGeneration = made.eval()
    _draw(model, shape.layers)
    return Checkpoint(shape, model, processor)


def spread(checkpoint: Checkpoint, samples: Sequence[Tensor]) -> None:
    """Turns the head's rows of `yes` and `no` so that scores lie all over (0, 1) within each sample: the difference of
    the logits is what the states of a sample differ in most, with mean 0 and a standard deviation of 2.

    Untouched, random rows give every document almost the same score, and a difference between two sides would say
    nothing. samples: (n, hidden) each, the final states of some prompts with one query.
    """
    means = torch.stack([states.double().mean(0) for states in samples])
    apart = torch.cat([states.double() - mean for states, mean in zip(samples, means, strict=True)])
    basis = torch.linalg.qr(means.T).Q  # (hidden, samples); at right angles to it, the means drop out
    apart_only = apart - apart @ basis @ basis.T
    _, _, directions = torch.linalg.svd(apart_only, full_matrices=False)
    row = directions[0] / (apart_only @ directions[0]).std()
    tokenizer, head = checkpoint.processor.tokenizer, checkpoint.model.lm_head.weight
    with torch.no_grad():
        for word, sign in ((YES, 1), (NO, -1)):
            head[tokenizer.encode(word)[0]] = (sign * row).to(head)


def _draw(model: Qwen2_5_VLForConditionalGeneration, layers: int) -> None:
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith("embed_tokens.weight"):
                weight.normal_(0.0, 1.0)
            elif weight.ndim >= 2:
                scale = (2 * layers) ** -0.5 if name.endswith(_TO_RESIDUAL) else _SHARP if "q_proj" in name else 1.0
                weight.normal_(0.0, scale * weight[0].numel() ** -0.5)


def _config(shape: Shape, processor: Qwen2_5_VLProcessor) -> Qwen2_5_VLConfig:
    tokenizer = processor.tokenizer
    ids = {token: tokenizer.encode(token)[0] for token in tokenizer.all_special_tokens}
    frequencies = shape.head_dim // 2
    along_a_side = 3 * frequencies // 8
    return Qwen2_5_VLConfig(
        text_config={
            "vocab_size": shape.vocab,
            "hidden_size": shape.hidden,
            "intermediate_size": shape.intermediate,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "num_key_value_heads": shape.kv_heads,
            "max_position_embeddings": 128_000,
            # Qwen2.5-VL: 16, 24 and 24 of 64 frequencies for time, height and width.
            "rope_parameters": {
                "rope_type": "default",
                "rope_theta": 1e6,
                "mrope_section": [frequencies - 2 * along_a_side, along_a_side, along_a_side],
            },
            "bos_token_id": ids["<|endoftext|>"],
            "eos_token_id": ids["<|im_end|>"],
            "pad_token_id": ids["<|endoftext|>"],
            "tie_word_embeddings": False,
        },
        vision_config={
            "depth": shape.vision_depth,
            "hidden_size": shape.vision_hidden,
            "intermediate_size": shape.vision_intermediate,
            "num_heads": shape.vision_heads,
            "patch_size": PATCH,
            "spatial_merge_size": MERGE,
            "temporal_patch_size": 2,
            "window_size": WINDOW,
            "fullatt_block_indexes": list(shape.full_blocks),
            "out_hidden_size": shape.hidden,
        },
        image_token_id=ids["<|image_pad|>"],
        video_token_id=ids["<|video_pad|>"],
        vision_start_token_id=ids["<|vision_start|>"],
        vision_end_token_id=ids["<|vision_end|>"],
        tie_word_embeddings=False,
    )
