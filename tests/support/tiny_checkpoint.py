"""A checkpoint of the Lychee layout with random weights, which reads pictures of any size as the real one does."""

from pathlib import Path

from demo.training.reranker_layout import build_model, build_processor, save


def write_tiny_checkpoint(folder: Path, seed: int = 7) -> Path:
    """The demo's architecture and tokenizer (which know every byte) with Qwen2.5-VL's own pixel bounds."""
    processor = build_processor()
    processor.image_processor.size = {"shortest_edge": 56 * 56, "longest_edge": 16384 * 28 * 28}
    save(build_model(processor.tokenizer, seed), processor, folder)
    return folder
