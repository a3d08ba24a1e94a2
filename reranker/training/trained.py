"""Which weights of a judge are trained: an adapter's, or its own. Knows no data."""

import re
import warnings

from peft import LoraConfig, PeftModel, get_peft_model
from torch import nn
from transformers import Qwen2_5_VLForConditionalGeneration

from reranker.training.options import Options

Trained = Qwen2_5_VLForConditionalGeneration | PeftModel
_LANGUAGE, _VISION = "model.language_model", "model.visual"


def make_trainable(model: Qwen2_5_VLForConditionalGeneration, options: Options) -> Trained:
    """The model with what is to be trained, and nothing else, taking gradients; the model given is changed.

    An adapter lies on every linear layer of the language model, and of the vision tower where that is trained too;
    embeddings and LM head stay as they are.
    """
    _without_dropout(model)
    if options.full_finetuning:
        model.requires_grad_(True)
        model.model.visual.requires_grad_(options.train_vision_tower)
        return model
    rooms = [_LANGUAGE, _VISION] if options.train_vision_tower else [_LANGUAGE]
    config = LoraConfig(
        r=options.lora_rank,
        lora_alpha=options.alpha,
        lora_dropout=options.lora_dropout,
        target_modules=_linear_layers(model, rooms),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # peft asks transformers by a name that is to go
        return get_peft_model(model, config)


def judge_of(model: Trained) -> Qwen2_5_VLForConditionalGeneration:
    """The judge itself, with its adapter inside where it has one."""
    judge = model.get_base_model() if isinstance(model, PeftModel) else model
    assert isinstance(judge, Qwen2_5_VLForConditionalGeneration)
    return judge


def _linear_layers(model: nn.Module, rooms: list[str]) -> str:
    """A pattern of their names, short enough to be read in `adapter_config.json`."""
    named = [name for name, layer in model.named_modules() if isinstance(layer, nn.Linear)]
    chosen = [name for name in named if name.startswith(tuple(f"{room}." for room in rooms))]
    ends = sorted({".".join(name.split(".")[-2:]) for name in chosen})  # of a Sequential's layers one says too little
    return rf"(?:{'|'.join(map(re.escape, rooms))})\.(?:.*\.)?(?:{'|'.join(map(re.escape, ends))})"


def _without_dropout(model: nn.Module) -> None:
    """Only the adapter's inputs are left out by chance: passes over packed documents know no other dropout."""
    for module in model.modules():
        if isinstance(getattr(module, "attention_dropout", None), float):
            module.attention_dropout = 0.0  # type: ignore[assignment]
