"""A checkpoint that writes one digit and stops. Which digit hangs on query and document, in no sensible way: its
weights are random but for those that make it do this."""

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import Qwen2_5_VLForConditionalGeneration, Qwen2_5_VLProcessor

from content import Content
from demo.training.reranker_layout import build_model, build_processor
from reranker.pictures import PictureReader
from reranker.rating_prompt import messages
from reranker.request import Request
from reranker.writer import PromptWriter

_FLAG = 0  # the one coordinate of the hidden state that says whether a digit was written last


def write_rating_checkpoint(folder: Path, seed: int = 7, *, ends: bool = True) -> Path:
    """ends: False leaves out what makes it stop, so that it writes digits until it is cut off."""
    processor = build_processor()
    processor.image_processor.size = {"shortest_edge": 56 * 56, "longest_edge": 16384 * 28 * 28}
    model = build_model(processor.tokenizer, seed)
    digits = [processor.tokenizer.encode(digit)[0] for digit in "0123456789"]
    text = model.model.language_model
    with torch.no_grad():
        text.embed_tokens.weight[:, _FLAG] = 0
        for name, weight in text.layers.named_parameters():
            if name.endswith(("o_proj.weight", "down_proj.weight")):
                weight[_FLAG] = 0  # nobody but a digit's embedding writes the flag
        text.embed_tokens.weight[digits, _FLAG] = 1000
        head = torch.zeros_like(text.embed_tokens.weight)
        directions = _directions(_endings(model, processor))
        head[digits] = torch.cat([directions, -directions])  # of two opposites one is always above 0, like all the rest
        if ends:
            head[processor.tokenizer.eos_token_id, _FLAG] = 1000
    for config in (model.config, model.config.text_config):
        config.tie_word_embeddings = False
    model.lm_head.weight = nn.Parameter(head)
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def _endings(model: Qwen2_5_VLForConditionalGeneration, processor: Qwen2_5_VLProcessor) -> Tensor:
    """(n, hidden): the last hidden states of some prompts."""
    writer = PromptWriter(processor, PictureReader(processor.image_processor), messages=messages)
    words = ("red", "blue", "mug", "bag", "two lamps", "a striped vase", "白色 杯子")
    requests = [Request(writer, "Find it", Content(query)) for query in words]
    prompts = [request.prompt(Content(document)) for request in requests for document in words]
    return torch.cat([model.model(input_ids=prompt.input_ids[None]).last_hidden_state[:, -1] for prompt in prompts])


def _directions(states: Tensor) -> Tensor:
    """(5, hidden): along which the states differ most, at right angles to what they have in common and to the flag."""
    mean = states.mean(0)
    _, lengths, right = torch.linalg.svd(states - mean, full_matrices=False)
    strangers = right[:5] / lengths[:5, None]  # (5, hidden); each of them wins as often as any other
    straight = strangers - (strangers @ mean)[:, None] * mean / mean.square().sum()
    straight[:, _FLAG] = 0
    return straight
