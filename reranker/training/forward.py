"""The model's verdicts with gradients: prompts padded side by side, or documents packed behind the prefix they share.
Knows no text and no scores."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence
from transformers import Qwen2_5_VLForConditionalGeneration

from reranker.attention import Grouped
from reranker.decoder import Decoder
from reranker.pictures import Picture
from reranker.request import Prompt
from reranker.vision import VisionTower

PAYS = 0.7  # of the padded tokens: packed ones cost more each, in calls and in copies of the prefix's keys


class Forward:
    """Runs a Qwen2.5-VL, adapted or not, over a batch of prompts.

    verdict_ids: the tokens of (yes, no). trains_tower: whether gradients reach the vision tower; where not, its output
    is taken from the tower's store where that has it. packs: whether the shared prefix of a batch may be read once.
    """

    def __init__(
        self,
        model: Qwen2_5_VLForConditionalGeneration,
        tower: VisionTower,
        verdict_ids: tuple[int, int],
        *,
        trains_tower: bool = False,
        packs: bool = True,
    ) -> None:
        self._model = model
        self._language = model.model.language_model
        self._decoder = Decoder(self._language) if packs else None
        self._tower = tower
        self._verdicts = list(verdict_ids)
        self._image_id = model.config.image_token_id
        self._trains_tower = trains_tower

    def __call__(self, prompts: Sequence[Prompt]) -> Tensor:
        """The logits of (yes, no) at each prompt's last position: (n, 2) float32."""
        if self._decoder is not None and packed_tokens(prompts) <= PAYS * padded_tokens(prompts):
            return self.packed(prompts, self._decoder)
        return self.plain(prompts)

    def plain(self, prompts: Sequence[Prompt]) -> Tensor:
        """As transformers runs the model, padded on the left."""
        ids = _padded([prompt.input_ids for prompt in prompts])
        mask = _padded([torch.ones_like(prompt.input_ids) for prompt in prompts])
        positions = torch.stack([_padded(list(axis)) for axis in zip(*map(self._positions, prompts), strict=True)])
        pictures = [picture for prompt in prompts for picture in prompt.pictures]
        device = self._model.device
        hidden = self._language(
            inputs_embeds=self._embedded(ids, pictures),
            attention_mask=mask.to(device),
            position_ids=positions.to(device),  # (3, n, longest)
            use_cache=False,
        ).last_hidden_state[:, -1]  # (n, hidden)
        return self._logits(hidden)

    def packed(self, prompts: Sequence[Prompt], decoder: Decoder) -> Tensor:
        """As the shared-prefix pass runs it, for each prefix of the batch in turn."""
        places = [place for group in _by_prefix(prompts) for place in group]
        groups = [self._behind_prefix([prompts[place] for place in group], decoder) for group in _by_prefix(prompts)]
        hidden = torch.cat(groups)  # (n, hidden), group by group
        return self._logits(hidden[torch.argsort(torch.tensor(places)).to(hidden.device)])

    def _behind_prefix(self, prompts: Sequence[Prompt], decoder: Decoder) -> Tensor:
        prefix, device = prompts[0].prefix, self._model.device
        positions = [self._positions(prompt).to(device) for prompt in prompts]
        hidden = self._embedded(prefix.input_ids, prefix.pictures)
        state = decoder.read_prefix(hidden, positions[0][:, : len(prefix)])
        own = torch.cat([prompt.own_ids for prompt in prompts])
        pictures = [picture for prompt in prompts for picture in prompt.own_pictures]
        hidden = self._embedded(own, pictures)
        # Not the kernels of flash-attn: where two of their outputs are merged, their gradients lack a term.
        packing = Grouped([len(prompt.own_ids) for prompt in prompts], len(prefix), device, hidden.dtype)
        behind = torch.cat([part[:, len(prefix) :] for part in positions], dim=1)
        return decoder.read_documents(hidden, behind, packing, state)

    def _embedded(self, ids: Tensor, pictures: Sequence[Picture]) -> Tensor:
        """(*ids.shape, hidden): the tokens' embeddings, and in the pictures' places what the tower saw."""
        hidden: Tensor = self._language.embed_tokens(ids.to(self._model.device))
        if not pictures:
            return hidden
        with torch.set_grad_enabled(self._trains_tower and torch.is_grad_enabled()):
            seen = self._tower.features(self._tower.look(pictures))
        places = (ids == self._image_id).to(hidden.device)[..., None]
        return hidden.masked_scatter(places, seen.to(hidden.dtype))

    def _positions(self, prompt: Prompt) -> Tensor:
        """(3, length) int64: time, height, width."""
        ids = prompt.input_ids
        if not prompt.pictures:
            return torch.arange(len(ids)).expand(3, -1)
        grids = torch.tensor([picture.grid for picture in prompt.pictures])
        kinds = (ids == self._image_id).int()
        positions: Tensor = self._model.model.get_rope_index(ids[None], kinds[None], image_grid_thw=grids)[0]
        return positions[:, 0]

    def _logits(self, hidden: Tensor) -> Tensor:
        """hidden: (n, hidden)."""
        head = self._model.lm_head.weight[self._verdicts]  # (2, hidden)
        logits: Tensor = hidden.float() @ head.float().T
        return logits


def packed_tokens(prompts: Sequence[Prompt]) -> int:
    """The tokens of a batch whose shared prefixes are read once."""
    own = sum(len(prompt.own_ids) for prompt in prompts)
    return own + sum(len(prompts[group[0]].prefix) for group in _by_prefix(prompts))


def padded_tokens(prompts: Sequence[Prompt]) -> int:
    """The tokens of a batch that is padded to its longest prompt."""
    return len(prompts) * max(map(len, prompts))


def _by_prefix(prompts: Sequence[Prompt]) -> list[list[int]]:
    """The places of those that share a prefix."""
    groups: dict[int, list[int]] = {}
    for place, prompt in enumerate(prompts):
        groups.setdefault(id(prompt.prefix), []).append(place)
    return list(groups.values())


def _padded(rows: list[Tensor]) -> Tensor:
    """(n, longest), zeros on the left."""
    return pad_sequence(rows, batch_first=True, padding_side="left")
