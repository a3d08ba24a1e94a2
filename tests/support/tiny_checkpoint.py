"""A checkpoint of the Lychee layout with random weights, which reads pictures of any size as the real one does."""

from pathlib import Path

import torch
from transformers import Qwen2_5_VLForConditionalGeneration

from demo.training.reranker_layout import build_model, build_processor, save


def write_tiny_checkpoint(folder: Path, seed: int = 7) -> Path:
    """The demo's architecture and tokenizer (which know every byte) with Qwen2.5-VL's own pixel bounds."""
    processor = build_processor()
    processor.image_processor.size = {"shortest_edge": 56 * 56, "longest_edge": 16384 * 28 * 28}
    save(build_model(processor.tokenizer, seed), processor, folder)
    return folder


def write_calm_checkpoint(folder: Path, seed: int = 3) -> Path:
    """The same with weights as Qwen2.5-VL draws them at first. The demo's are drawn wider, and carry one rounding in
    bf16 to a score that is 0.02 off, in whatever order the same sums are made."""
    processor = build_processor()
    processor.image_processor.size = {"shortest_edge": 56 * 56, "longest_edge": 16384 * 28 * 28}
    config = build_model(processor.tokenizer, seed).config
    torch.manual_seed(seed)
    model = Qwen2_5_VLForConditionalGeneration(config)
    with torch.no_grad():
        model.model.language_model.norm.weight.mul_(3)  # or all scores would be nearly the same
    save(model, processor, folder)
    return folder
