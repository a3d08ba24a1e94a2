"""LoRA adapters as peft saves them, with random weights that change every score."""

import json
import shutil
import warnings
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model

from reranker.checkpoint import load

LANGUAGE_MODEL = r".*language_model\..*_proj"


def adapted(base: str | Path, *, seed: int = 5, **config) -> PeftModel:
    """The base with an adapter of rank 4 on the language model's linear layers, in peft's own hands."""
    checkpoint = load(base, device=torch.device("cpu"), dtype=torch.float32)
    settings = {"r": 4, "lora_alpha": 8, "target_modules": LANGUAGE_MODEL} | config
    torch.manual_seed(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is deprecated in between peft and transformers, and of tied weights
        model = get_peft_model(checkpoint.model, LoraConfig(**settings))
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "lora_B" in name or "lora_embedding_A" in name:
                weight.normal_(0, 0.03)
            elif "modules_to_save" in name:
                weight.mul_(1.2)
    return model.eval()


def write_adapter(model: PeftModel, folder: Path, base: str | Path) -> Path:
    model.peft_config["default"].base_model_name_or_path = str(base)
    model.save_pretrained(folder, save_embedding_layers=False)
    return folder


def edited(folder: Path, copy: Path, **changes) -> Path:
    """A copy with other values in its adapter_config.json; None leaves a key out."""
    shutil.copytree(folder, copy)
    path = copy / "adapter_config.json"
    config = {key: value for key, value in (json.loads(path.read_text()) | changes).items() if value is not None}
    path.write_text(json.dumps(config))
    return copy
