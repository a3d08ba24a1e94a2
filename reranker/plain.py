"""The plain pass: every prompt in full, left-padded batches, one forward each; the reference that faster passes must
equal. Knows no text and no scores."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

import torch
from torch import Tensor
from transformers import Qwen2_5_VLForConditionalGeneration

from reranker.judging import Logits
from reranker.pictures import PictureReader
from reranker.request import Prompt

BATCH_SIZE = 8
BATCH_TOKENS = 16_384  # five prompts of full length
_WINDOW = 32  # prompts among which those of like length are put together


class PlainPass:
    """Runs a Qwen2.5-VL as its card does, save that of the LM head only two rows are computed, in float32.

    verdict_ids: the tokens of (yes, no). batch_size: prompts per forward. batch_tokens: padded tokens per forward,
    where there are several prompts.
    """

    def __init__(
        self,
        model: Qwen2_5_VLForConditionalGeneration,
        pictures: PictureReader,
        verdict_ids: tuple[int, int],
        *,
        batch_size: int = BATCH_SIZE,
        batch_tokens: int = BATCH_TOKENS,
    ) -> None:
        self._core = model.model
        self._head: Tensor = model.lm_head.weight.detach()[list(verdict_ids)].float()  # (2, hidden)
        self._image_id = model.config.image_token_id
        self._pictures = pictures
        self._batch_size = batch_size
        self._batch_tokens = batch_tokens

    def batches(self, prompts: Iterable[Prompt]) -> Iterator[list[Prompt]]:
        rest = iter(prompts)
        while window := list(islice(rest, _WINDOW)):
            yield from self._plan(window)

    def prepare(self, prompts: Sequence[Prompt]) -> Logits:
        return partial(self._logits, self._inputs(prompts))

    def _plan(self, prompts: Sequence[Prompt]) -> list[list[Prompt]]:
        """Longest first, so that batches hold prompts of like length and a lack of memory shows at once."""
        batches: list[list[Prompt]] = []
        for prompt in sorted(prompts, key=len, reverse=True):
            if batches and self._has_room(len(batches[-1]), len(batches[-1][0]), len(prompt)):
                batches[-1].append(prompt)
            else:
                batches.append([prompt])
        return batches

    def _has_room(self, size: int, longest: int, length: int) -> bool:
        """Whether a prompt of `length` joins a batch; padding it to more than double would cost more than it saves."""
        return size < self._batch_size and longest * (size + 1) <= self._batch_tokens and 2 * length >= longest

    @torch.inference_mode()
    def _logits(self, inputs: dict[str, Tensor]) -> Tensor:
        moved = {name: tensor.to(self._head.device) for name, tensor in inputs.items()}
        hidden: Tensor = self._core(**moved, use_cache=False).last_hidden_state[:, -1]  # (n, hidden)
        return (hidden.float() @ self._head.T).cpu()  # (n, 2)

    def _inputs(self, prompts: Sequence[Prompt]) -> dict[str, Tensor]:
        longest = max(map(len, prompts))
        ids = torch.zeros(len(prompts), longest, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, prompt in enumerate(prompts):
            ids[row, longest - len(prompt) :] = prompt.input_ids
            mask[row, longest - len(prompt) :] = 1
        pictures = [picture for prompt in prompts for picture in prompt.pictures]
        vision: dict[str, Tensor] = {}
        if pictures:
            vision["pixel_values"], vision["image_grid_thw"] = self._pictures.patches(pictures)
        # Made here, on the CPU and for texts too: the model itself would count the padding of a batch without pictures.
        positions, _ = self._core.get_rope_index(
            ids, (ids == self._image_id).int(), image_grid_thw=vision.get("image_grid_thw"), attention_mask=mask
        )  # (3, n, longest)
        return {"input_ids": ids, "attention_mask": mask, "position_ids": positions, **vision}
