"""The reranker's first stage: its vision tower alone learns to say what each square of a picture shows."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import Qwen2_5_VLForConditionalGeneration

from demo.training.cells import CELL_SIZES, cells
from demo.training.gallery import Gallery
from demo.training.loop import Loop, Losses, Schedule, device_of
from demo.training.sight import see

SCHEDULE = Schedule(steps=1200, rate=1.5e-3, check_every=100)
TOKEN_SIZE = 0.3  # root mean square of the tokens that the language model gets: that of its word embeddings


class SightStage:
    """Trains `model.model.visual` in place, beside throw-away heads on its merged tokens."""

    def __init__(
        self,
        model: Qwen2_5_VLForConditionalGeneration,
        train: Gallery,
        validation: Gallery,
        folder: Path,
        schedule: Schedule = SCHEDULE,
        batch: int = 128,
        seed: int = 7,
    ) -> None:
        torch.manual_seed(seed)
        self._visual = model.model.visual
        self._device = device_of(model)
        self._heads = nn.Linear(self._visual.config.out_hidden_size, sum(CELL_SIZES)).to(self._device)
        self._train, self._validation, self._batch, self._seed = train, validation, batch, seed
        self._right = torch.from_numpy(cells(train.items, train.slots)).to(self._device)
        modules = {"visual": self._visual, "heads": self._heads}
        self.loop = Loop(modules, self._losses, schedule, folder, self._check, f"{train.fingerprint}|{batch}|{seed}")

    def run(self, until: int | None = None) -> None:
        self.loop.run(until)

    def _losses(self, step: int) -> Losses:
        rng = np.random.default_rng([self._seed, step])
        rows = np.sort(rng.choice(len(self._right), self._batch, replace=False))
        told, right = self._told(self._train.pictures[rows]), self._right[torch.from_numpy(rows).to(self._device)]
        parts = [F.cross_entropy(one.flatten(0, 1).float(), right[..., i].flatten()) for i, one in enumerate(told)]
        return {"cells": torch.stack(parts).mean()}

    def _told(self, pictures: NDArray[np.uint8]) -> tuple[Tensor, ...]:
        """Per slot (n, 16, values). Tokens are brought to unit size first: the heads shall not hang on it."""
        tokens = see(self._visual, pictures)
        return self._heads(F.rms_norm(tokens, tokens.shape[-1:])).split(CELL_SIZES, dim=-1)  # type: ignore[no-any-return]

    def _check(self) -> dict[str, float]:
        """The share of squares told right, per slot."""
        right = torch.from_numpy(cells(self._validation.items, self._validation.slots)).to(self._device)
        with torch.no_grad(), torch.autocast(self._device.type, torch.bfloat16):
            told = self._told(self._validation.pictures[: len(self._validation.items)])
        names = ("shape", "colour", "pattern", "count", "group", "relation", "background")
        return {
            name: float((one.argmax(-1) == right[..., i]).float().mean())
            for i, (name, one) in enumerate(zip(names, told, strict=True))
        }


def bring_to_size(model: Qwen2_5_VLForConditionalGeneration, pictures: NDArray[np.uint8]) -> None:
    """Scales the merger's last layer so that its tokens have the size TOKEN_SIZE."""
    with torch.no_grad():
        size = see(model.model.visual, pictures).square().mean().sqrt()
        last = model.model.visual.merger.mlp[2]
        last.weight.mul_(TOKEN_SIZE / size)
        last.bias.mul_(TOKEN_SIZE / size)
