"""Trains the demo encoder: contrastive between pictures, English and Chinese, with throw-away heads beside it."""

import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from demo.training.encoder_batch import encoder_batch, families_sold
from demo.training.encoder_layout import EMBED, build_encoder, build_tokenizer_with_stop, normalised, tokens
from demo.training.encoder_recall import recall
from demo.training.gallery import Gallery
from demo.training.loop import Loop, Losses, Schedule
from demo.training.slots import SIZES

SCHEDULE = Schedule(steps=1500, rate=1.5e-3, warm_up=40, fall=0.95, weight_decay=0.02, check_every=100)
_MAX_SCALE = math.log(100.0)


class EncoderTraining:
    """The model, its heads and the loop around them; goes on from its last checkpoint."""

    def __init__(
        self,
        train: Gallery,
        validation: Gallery,
        folder: Path,
        schedule: Schedule = SCHEDULE,
        batch: int = 192,
        seed: int = 7,
        device: torch.device | None = None,
    ) -> None:
        self.tokenizer = build_tokenizer_with_stop()
        self.model = build_encoder(self.tokenizer, seed)
        self._device = device or torch.device("cpu")
        self.model.to(self._device)
        self._heads = nn.Linear(EMBED, sum(SIZES)).to(self._device)
        self._train, self._validation, self._families = train, validation, families_sold(train)
        self._batch, self._seed = batch, seed
        modules = {"model": self.model, "heads": self._heads}
        self.loop = Loop(modules, self._losses, schedule, folder, self._check, f"{train.fingerprint}|{batch}|{seed}")

    def run(self, until: int | None = None) -> None:
        self.loop.run(until)

    def _losses(self, step: int) -> Losses:
        batch = encoder_batch(self._train, self._families, self._batch, self._seed, step)
        pictures = F.normalize(self.model.encode_image(normalised(batch.pictures).to(self._device)).float(), dim=-1)  # type: ignore[operator]
        english, chinese = (F.normalize(self._encode(lines).float(), dim=-1) for lines in batch.texts)
        scale = self.model.logit_scale.clamp(max=_MAX_SCALE).exp()  # type: ignore[operator]
        fits_english, fits_chinese = (one.to(self._device) for one in batch.belongs)
        full = [one.to(self._device) for one in batch.full]
        slots, both = batch.slots.to(self._device), full[0][:, None] & full[1][None, :]
        told = self._told(pictures, slots)
        for vectors, known in zip((english, chinese), full, strict=True):
            told = told + 0.5 * self._told(vectors[known], slots[known])
        return {
            "english": contrast(scale * english @ pictures.T, fits_english),
            "chinese": contrast(scale * chinese @ pictures.T, fits_chinese),
            "texts": 0.5 * contrast(scale * english @ chinese.T, fits_english & fits_chinese.T & both),
            "told": 0.3 * told,
        }

    def _told(self, vectors: Tensor, slots: Tensor) -> Tensor:
        """Mean cross-entropy of all slots, told from (n, EMBED) vectors of length one."""
        parts = self._heads(vectors * math.sqrt(EMBED)).float().split(SIZES, dim=-1)
        return torch.stack([F.cross_entropy(part, slots[:, i]) for i, part in enumerate(parts)]).mean()

    def _encode(self, lines: list[str]) -> Tensor:
        return self.model.encode_text(tokens(self.tokenizer, lines).to(self._device))  # type: ignore[no-any-return, operator]

    def _check(self) -> dict[str, float]:
        return recall(self.model, self.tokenizer, self._validation)


def contrast(logits: Tensor, belongs: Tensor) -> Tensor:
    """Contrastive loss of (n, m) logits with any number of right answers, in both directions; rows and columns
    without one do not count."""
    loss = logits.new_zeros(())
    for table, right in ((logits, belongs), (logits.T, belongs.T)):
        some = right.any(-1)
        if some.any():
            target = right[some].float()
            loss = loss - (table[some].log_softmax(-1) * target).sum(-1).div(target.sum(-1)).mean()
    return loss / 2
