"""The demo reranker before it has learned anything: a small Qwen2.5-VL in the layout of a Lychee checkpoint."""

from pathlib import Path

import torch
from transformers import (
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2_5_VLProcessor,
    Qwen2Tokenizer,
    Qwen2VLImageProcessor,
    Qwen2VLVideoProcessor,
)

from demo.training.tokenizer import build_tokenizer

SIDE = 112  # pixels that the model sees of a square picture: 8 x 8 patches, 4 x 4 tokens
PATCH = 14
_HIDDEN = 128

# Qwen2.5-VL's chat template: a picture part becomes the vision tokens, a text part itself, with nothing in between.
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{% if loop.first and message['role'] != 'system' %}"
    "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"
    "{% endif %}"
    "<|im_start|>{{ message['role'] }}\n"
    "{% if message['content'] is string %}{{ message['content'] }}<|im_end|>\n"
    "{% else %}"
    "{% for content in message['content'] %}"
    "{% if content['type'] == 'image' or 'image' in content or 'image_url' in content %}"
    "<|vision_start|><|image_pad|><|vision_end|>"
    "{% elif content['type'] == 'video' or 'video' in content %}<|vision_start|><|video_pad|><|vision_end|>"
    "{% elif 'text' in content %}{{ content['text'] }}"
    "{% endif %}"
    "{% endfor %}<|im_end|>\n"
    "{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def build_processor() -> Qwen2_5_VLProcessor:
    area = {"shortest_edge": SIDE * SIDE, "longest_edge": SIDE * SIDE}
    return Qwen2_5_VLProcessor(  # type: ignore[no-untyped-call]
        image_processor=Qwen2VLImageProcessor(size=area, patch_size=PATCH, merge_size=2, temporal_patch_size=2),
        tokenizer=build_tokenizer(),
        video_processor=Qwen2VLVideoProcessor(size=area, patch_size=PATCH, merge_size=2, temporal_patch_size=2),
        chat_template=CHAT_TEMPLATE,
    )


def build_model(tokenizer: Qwen2Tokenizer, seed: int) -> Qwen2_5_VLForConditionalGeneration:
    """Random weights in float32, wider than Qwen's usual 0.02: so small a model hardly starts from that."""
    torch.manual_seed(seed)
    model = Qwen2_5_VLForConditionalGeneration(_config(tokenizer))
    text = model.model.language_model
    with torch.no_grad():
        text.embed_tokens.weight.normal_(0.0, 0.3)
        for name, weight in [*text.layers.named_parameters(), *model.model.visual.named_parameters()]:
            if weight.ndim >= 2:
                leaves = name.endswith(("o_proj.weight", "down_proj.weight", "attn.proj.weight"))
                weight.normal_(0.0, 0.03 if leaves else 0.09)
        model.model.visual.patch_embed.proj.weight.normal_(0.0, 0.03)
        text.norm.weight.fill_(0.5)  # the head is tied to the wide embeddings: without this its first logits are wild
    return model


def save(model: Qwen2_5_VLForConditionalGeneration, processor: Qwen2_5_VLProcessor, folder: Path) -> None:
    """Writes config, bf16 weights, tokenizer, processor and chat template into `folder`; `model` stays in float32."""
    half = Qwen2_5_VLForConditionalGeneration(model.config)
    half.to(dtype=torch.bfloat16)  # type: ignore[call-arg]
    half.load_state_dict(model.state_dict())
    half.save_pretrained(folder)
    processor.save_pretrained(folder)


def _config(tokenizer: Qwen2Tokenizer) -> Qwen2_5_VLConfig:
    ids = {token: tokenizer.encode(token)[0] for token in tokenizer.all_special_tokens}
    return Qwen2_5_VLConfig(
        text_config={
            "vocab_size": -(-len(tokenizer) // 64) * 64,
            "hidden_size": _HIDDEN,
            "intermediate_size": 384,
            "num_hidden_layers": 7,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "max_position_embeddings": 32768,
            "rope_parameters": {"rope_type": "default", "rope_theta": 1e4, "mrope_section": [4, 6, 6]},
            "bos_token_id": ids["<|endoftext|>"],
            "eos_token_id": ids["<|im_end|>"],
            "pad_token_id": ids["<|endoftext|>"],
            "tie_word_embeddings": True,
        },
        vision_config={
            "depth": 4,
            "hidden_size": 128,
            "intermediate_size": 256,
            "num_heads": 4,
            "patch_size": PATCH,
            "spatial_merge_size": 2,
            "temporal_patch_size": 2,
            "window_size": SIDE,
            "fullatt_block_indexes": [3],
            "out_hidden_size": _HIDDEN,
        },
        image_token_id=ids["<|image_pad|>"],
        video_token_id=ids["<|video_pad|>"],
        vision_start_token_id=ids["<|vision_start|>"],
        vision_end_token_id=ids["<|vision_end|>"],
        tie_word_embeddings=True,
    )
