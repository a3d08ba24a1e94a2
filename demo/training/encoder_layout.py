"""The demo encoder before it has learned anything: a small CLIP with its own tokenizer, in the layout
that open_clip loads from a local folder."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast

from demo.training.gallery import SIDE
from demo.training.tokenizer import END, build_tokenizer

EMBED = 128
STOP = "<|im_end|>"
MEAN = (0.5, 0.5, 0.5)
STD = (0.3, 0.3, 0.3)
_CONTEXT = 32


def build_tokenizer_with_stop() -> PreTrainedTokenizerFast:
    """The demo tokenizer with STOP after every text: the text tower reads its vector there."""
    inner = Tokenizer.from_str(build_tokenizer().backend_tokenizer.to_str())
    inner.post_processor = TemplateProcessing(single=f"$A {STOP}", special_tokens=[(STOP, inner.token_to_id(STOP))])
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=inner,
        eos_token=STOP,
        pad_token=END,
        model_max_length=_CONTEXT,
        clean_up_tokenization_spaces=False,
    )


def build_encoder(tokenizer: PreTrainedTokenizerFast, seed: int) -> nn.Module:
    torch.manual_seed(seed)
    config = _config(tokenizer)
    return open_clip.CLIP(config["embed_dim"], config["vision_cfg"], config["text_cfg"])  # type: ignore[no-any-return]


def save(model: nn.Module, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Writes config, bf16 weights and tokenizer into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    preprocess = {"mean": MEAN, "std": STD, "interpolation": "bicubic", "resize_mode": "squash"}
    config = {"model_cfg": _config(tokenizer), "preprocess_cfg": preprocess}
    (folder / "open_clip_config.json").write_text(json.dumps(config, indent=2) + "\n")
    weights = {
        name: value.to(torch.bfloat16).contiguous() for name, value in model.state_dict().items() if name != "attn_mask"
    }
    save_file(weights, folder / "open_clip_model.safetensors", metadata={"format": "pt"})
    tokenizer.save_pretrained(folder)


def tokens(tokenizer: PreTrainedTokenizerFast, lines: list[str]) -> Tensor:
    """(n, 32) ids, as open_clip's own wrapper of the tokenizer gives them."""
    cut = tokenizer(lines, padding="max_length", truncation=True, max_length=_CONTEXT, return_tensors="pt")
    ids: Tensor = cut["input_ids"]
    return ids


def normalised(pictures: NDArray[np.uint8]) -> Tensor:
    """(n, 112, 112, 3) uint8 -> (n, 3, 112, 112) float32 as open_clip's own transform gives them."""
    values = torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float().div_(255.0)
    return (values - torch.tensor(MEAN)[None, :, None, None]) / torch.tensor(STD)[None, :, None, None]


def _config(tokenizer: PreTrainedTokenizerFast) -> dict[str, Any]:
    return {
        "embed_dim": EMBED,
        "vision_cfg": {"image_size": SIDE, "layers": 4, "width": 128, "head_width": 32, "patch_size": 14},
        "text_cfg": {
            "context_length": _CONTEXT,
            "vocab_size": -(-len(tokenizer) // 64) * 64,
            "hf_tokenizer_name": "local",  # open_clip wants a name here, and then reads the folder
            "width": 128,
            "heads": 4,
            "layers": 3,
            "pool_type": "eos",
            "eos_id": tokenizer.convert_tokens_to_ids(STOP),
            "pad_id": tokenizer.convert_tokens_to_ids(END),
        },
    }
