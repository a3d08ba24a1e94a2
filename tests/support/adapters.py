"""LoRA adapters as peft saves them, with random weights that change every score."""

import json
import shutil
import warnings
from pathlib import Path

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from PIL import Image

from content import Content
from content.errors import ModelError
from reranker import LycheeReranker
from reranker.checkpoint import load
from reranker.pictures import PictureReader
from reranker.request import Request
from reranker.writer import PromptWriter

WEIGHTS = "adapter_model.safetensors"
INSTRUCTION = "Given a text, find what shows it"
QUERY = Content(text="a red mug next to a blue bag")
DOCUMENTS = [
    Content(text="a red mug on a table"),
    Content(image=Image.new("RGB", (90, 70), "red"), text="白色"),
    Content(text="a blue bag"),
]
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


def opened(place, **options):
    return LycheeReranker.from_pretrained(place, **{"device": "cpu", "dtype": "fp32", **options})


def logits(reranker):
    judgements = reranker.score(INSTRUCTION, QUERY, DOCUMENTS)
    assert [judgement.error for judgement in judgements] == [None] * len(DOCUMENTS)
    return torch.tensor([judgement.logits for judgement in judgements])


def by_peft(model, base):
    """Logits of (yes, no), each prompt alone through peft's forward."""
    processor = load(base, device=torch.device("cpu"), dtype=torch.float32).processor
    pictures = PictureReader(processor.image_processor)
    verdicts = [processor.tokenizer.encode(word)[0] for word in ("yes", "no")]
    rows = []
    for document in DOCUMENTS:
        prompt = Request(PromptWriter(processor, pictures), INSTRUCTION, QUERY).prompt(document)
        ids = prompt.input_ids[None]
        inputs = {"input_ids": ids, "mm_token_type_ids": (ids == model.config.image_token_id).int()}
        if prompt.pictures:
            inputs["pixel_values"], inputs["image_grid_thw"] = pictures.patches(prompt.pictures)
        with torch.inference_mode():
            rows.append(model(**inputs).logits[0, -1, verdicts])
    return torch.stack(rows)


def refusal(place):
    with pytest.raises(ModelError) as caught:
        opened(place)
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 700
    return caught.value.message
