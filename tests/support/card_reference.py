"""The score of one pair, written down from the model card and from nothing of ours: what the reranker must equal."""

import torch
from qwen_vl_utils import process_vision_info
from transformers import Qwen2_5_VLForConditionalGeneration, Qwen2_5_VLProcessor

from content import Content

SYSTEM = (
    "Judge whether the Document meets the requirements based on the Query and the Instruct provided. "
    'Note that the answer can only be "yes" or "no".'
)


def card_score(
    model: Qwen2_5_VLForConditionalGeneration,
    processor: Qwen2_5_VLProcessor,
    instruction: str,
    query: Content,
    document: Content,
    pixels: tuple[int, int] = (4 * 28 * 28, 1280 * 28 * 28),
) -> float:
    def side(heading: str, content: Content) -> list[dict]:
        parts = [{"type": "text", "text": heading}]
        if content.image is not None:
            parts.append({"type": "image", "image": content.image, "min_pixels": pixels[0], "max_pixels": pixels[1]})
        if content.text is not None:
            parts.append({"type": "text", "text": content.text})
        return parts

    instruct = {"type": "text", "text": "<Instruct>: " + instruction}
    chat = [
        {"role": "system", "content": [{"type": "text", "text": SYSTEM}]},
        {"role": "user", "content": [instruct, *side("<Query>:", query), *side("\n<Document>:", document)]},
    ]
    text = processor.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    images, videos = process_vision_info(chat)
    inputs = processor(text=[text], images=images, videos=videos, padding=True, return_tensors="pt")
    with torch.no_grad():
        logits = model(**inputs).logits[0, -1]
    no, yes = (processor.tokenizer.convert_tokens_to_ids(word) for word in ("no", "yes"))
    return float(torch.softmax(logits[[no, yes]].float(), dim=0)[1])
