"""How often the encoder recalls the one right item of a gallery. Knows no training."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast

from demo.catalogue.caption import FULL_WORDINGS
from demo.catalogue.vocabulary import LANGUAGES
from demo.training.encoder_layout import normalised, tokens
from demo.training.gallery import Gallery
from demo.training.loop import device_of

_DEPTHS = (1, 50)


def recall(
    model: nn.Module, tokenizer: PreTrainedTokenizerFast, gallery: Gallery, queries: int = 500
) -> dict[str, float]:
    """`en t2i @1` and so on: the share of the first `queries` items found within that depth, by full captions."""
    figures: dict[str, float] = {}
    device = device_of(model)
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16):
        shown = gallery.pictures[: len(gallery.items)]
        rows = range(0, len(shown), 100)
        pictures = torch.cat([model.encode_image(normalised(shown[i : i + 100]).to(device)) for i in rows])  # type: ignore[operator]
        pictures = F.normalize(pictures.float(), dim=-1)
        for language in LANGUAGES:
            lines = [item.caption(language, i % FULL_WORDINGS) for i, item in enumerate(gallery.items)]
            texts = F.normalize(model.encode_text(tokens(tokenizer, lines).to(device)).float(), dim=-1)  # type: ignore[operator]
            for name, table in (("t2i", texts @ pictures.T), ("i2t", pictures @ texts.T)):
                ranks = _ranks(table[:queries])
                figures |= {f"{language} {name} @{k}": float((ranks < k).float().mean()) for k in _DEPTHS}
    return figures


def _ranks(table: Tensor) -> Tensor:
    """(q,): how many columns score above the right one, which is that of the row's own number."""
    right = table.diagonal()[: len(table)]
    return (table > right[:, None]).sum(-1)
