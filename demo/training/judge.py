"""The reranker's language model on packed prompts, with the throw-away heads that teach it how to come to a verdict.

The tokens behind a document are the same in every prompt, so the model can use them as places to think. Halfway up, the
first three say what the document shows (first group, second group, the rest), and the tokens of the document's heading
say the same of the query; two layers further, those three say slot by slot whether both agree; the last token gives the
verdict.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import Qwen2_5_VLForConditionalGeneration, Qwen2Tokenizer

from demo.training.packed_layer import PackedMask, layer_forward
from demo.training.packing import HEADING, Packed
from demo.training.slots import SIZES
from reranker.prompt import NO, YES

SLOTS_AFTER = 4  # layers
AGREEMENT_AFTER = 6
_PARTS = (slice(0, 4), slice(4, 8), slice(8, 10))  # the slots that each of the three tokens tells


@dataclass(frozen=True, slots=True)
class Thoughts:
    """verdict (b, d): logit of yes less logit of no. query: per slot (b, values). document: per slot (b, d, values).
    agreement (b, d, 10): logits of both sides being the same in a slot."""

    verdict: Tensor
    query: list[Tensor]
    document: list[Tensor]
    agreement: Tensor


class Heads(nn.Module):
    """Read slots and agreement off the hidden states; not part of the shipped model."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.slots = nn.ModuleList(nn.Linear(hidden, sum(SIZES[part])) for part in _PARTS)
        self.agreement = nn.ModuleList(nn.Linear(hidden, len(SIZES[part])) for part in _PARTS)

    def tell(self, three: Tensor) -> list[Tensor]:
        """(..., 3, hidden) -> ten tensors (..., values)."""
        three = F.rms_norm(three, three.shape[-1:])
        parts = [head(three[..., i, :]).split(SIZES[_PARTS[i]], dim=-1) for i, head in enumerate(self.slots)]
        return [one for part in parts for one in part]

    def agree(self, three: Tensor) -> Tensor:
        """(..., 3, hidden) -> (..., 10)."""
        three = F.rms_norm(three, three.shape[-1:])
        return torch.cat([head(three[..., i, :]) for i, head in enumerate(self.agreement)], dim=-1)


class Judge:
    """A model with its heads. features (n, 16, hidden): the pictures' tokens, from the vision tower."""

    def __init__(self, model: Qwen2_5_VLForConditionalGeneration, tokenizer: Qwen2Tokenizer, heads: Heads) -> None:
        self.model, self.heads = model, heads
        self._answers = torch.tensor([tokenizer.convert_tokens_to_ids(YES), tokenizer.convert_tokens_to_ids(NO)])

    def think(self, packed: Packed, features: Tensor) -> Thoughts:
        text = self.model.model.language_model
        packed = packed.to(text.device)
        hidden = self._embedded(packed, features)
        turns = text.rotary_emb(hidden, packed.positions)
        slots = agreement = hidden
        mask = PackedMask.of(packed)
        for number, layer in enumerate(text.layers, start=1):
            hidden = layer_forward(layer, hidden, turns, mask)
            if number == SLOTS_AFTER:
                slots = hidden
            if number == AGREEMENT_AFTER:
                agreement = hidden
        last = text.norm(_pick(hidden, packed.endings + 4))  # (b, d, hidden)
        yes, no = (last @ text.embed_tokens.weight[self._answers.to(last.device)].T.to(last.dtype)).float().unbind(-1)
        query = self.heads.tell(_pick(slots, packed.headings[:, 0, None] + torch.arange(HEADING, device=text.device)))
        ending = packed.endings[..., None] + torch.arange(3, device=text.device)  # (b, d, 3)
        return Thoughts(
            yes - no, query, self.heads.tell(_pick(slots, ending)), self.heads.agree(_pick(agreement, ending))
        )

    def _embedded(self, packed: Packed, features: Tensor) -> Tensor:
        hidden = self.model.model.language_model.embed_tokens(packed.ids)
        if not len(packed.pictures):
            return hidden  # type: ignore[no-any-return]
        rows, starts, pictures = (torch.from_numpy(column).to(hidden.device) for column in packed.pictures.T)
        at = starts[:, None] + torch.arange(features.shape[1], device=hidden.device)
        return hidden.index_put((rows[:, None].expand_as(at), at), features[pictures].to(hidden.dtype))  # type: ignore[no-any-return]


def _pick(hidden: Tensor, at: Tensor) -> Tensor:
    """(b, l, h) at (b, ...) -> (b, ..., h)."""
    rows = torch.arange(len(hidden), device=hidden.device).view(-1, *[1] * (at.ndim - 1)).expand_as(at)
    return hidden[rows, at]
