"""A judge in training: the model with what is trained in it, and what it takes to read prompts. Knows no trainer."""

from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import Qwen2_5_VLProcessor

from content.errors import ModelError
from reranker import adapter_files, files
from reranker.checkpoint import load, stored_dtype
from reranker.embedded import DEMO, embedded
from reranker.feature_memory import MemoryFeatures
from reranker.fingerprint import fingerprint
from reranker.lychee import LycheeReranker, Passes
from reranker.pictures import PictureReader
from reranker.prompt import NO, YES
from reranker.shared import default_batch_tokens
from reranker.training.forward import Forward
from reranker.training.options import Options
from reranker.training.trained import Trained, judge_of, make_trainable
from reranker.vision import VisionTower
from reranker.writer import PromptWriter

_KEPT_BYTES = 2**30  # of the vision tower's output, where it is not trained


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """features: None where the tower is trained, whose output changes. fingerprint: of the checkpoint as it was loaded.
    stored: the number format of its files."""

    trained: Trained
    processor: Qwen2_5_VLProcessor
    writer: PromptWriter
    forward: Forward
    features: MemoryFeatures | None
    fingerprint: str
    stored: torch.dtype

    def reranker(self) -> LycheeReranker:
        """The judge as it would be served now. What it remembers of queries holds until the next step only."""
        model = judge_of(self.trained)
        passes: Passes = "plain" if model.model.language_model.has_sliding_layers else "shared"
        return LycheeReranker(
            model, self.processor, passes=passes, features=self.features, max_tokens=self.writer.max_tokens
        )


def load_judge(options: Options, device: torch.device, dtype: torch.dtype, *, packs: bool) -> Judge:
    """Raises ModelError for what is no checkpoint of the Lychee layout."""
    base = files.locate(_base(options.model_name_or_path))
    checkpoint = load(base, device=device, dtype=dtype)
    model, processor = checkpoint.model, checkpoint.processor
    if options.use_flash_attention_2 is False:
        model.set_attn_implementation("sdpa")
    print_of_base = fingerprint(model, processor)
    pictures = PictureReader(processor.image_processor)
    features = None if options.train_vision_tower else MemoryFeatures(_KEPT_BYTES)
    tower = VisionTower(model.model.visual, pictures, features, default_batch_tokens(device))
    trained = make_trainable(model, options)
    yes, no = (int(processor.tokenizer.encode(word, add_special_tokens=False)[0]) for word in (YES, NO))
    packs = packs and not model.model.language_model.has_sliding_layers
    forward = Forward(model, tower, (yes, no), trains_tower=options.train_vision_tower, packs=packs)
    writer = PromptWriter(processor, pictures, options.max_length)
    return Judge(trained, processor, writer, forward, features, print_of_base, stored_dtype(base))


def _base(model: str) -> str:
    if model == DEMO:
        return str(embedded("reranker"))
    if (Path(model).expanduser() / adapter_files.CONFIG).exists():
        raise ModelError(
            f"{model} is an adapter, and training begins with a whole checkpoint; `lychee merge` makes one"
        )
    return model
