"""Trains the demo encoder: contrastive between pictures, English and Chinese, with throw-away attribute heads beside it."""

import logging
import math
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast

from demo.training.encoder_batch import EncoderBatch, encoder_batch
from demo.training.encoder_layout import EMBED, build_encoder, build_tokenizer_with_stop, normalised, tokens
from demo.training.encoder_recall import recall
from demo.training.gallery import Gallery
from demo.training.run_log import RunLog
from demo.training.slots import SIZES

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EncoderPlan:
    """How long and how fast; the defaults made the shipped weights."""

    steps: int = 600
    batch: int = 192
    rate: float = 1.5e-3
    warm_up: int = 40
    seed: int = 7
    checkpoint_seconds: float = 60.0
    report_every: int = 20
    recall_every: int = 100


class EncoderTraining:
    """Model, heads and optimiser, with the loop around them; goes on from its last checkpoint."""

    def __init__(self, train: Gallery, validation: Gallery, plan: EncoderPlan, folder: Path) -> None:
        self.tokenizer: PreTrainedTokenizerFast = build_tokenizer_with_stop()
        self.model = build_encoder(self.tokenizer, plan.seed)
        self.heads = nn.Linear(EMBED, sum(SIZES))
        self.log = RunLog(folder)
        self._train, self._validation, self._plan = train, validation, plan
        self._families = train.families()
        self._parameters = [*self.model.parameters(), *self.heads.parameters()]
        self._optimiser = torch.optim.AdamW(self._parameters, lr=plan.rate, betas=(0.9, 0.98), weight_decay=0.02)
        self.step = 0
        self._resume()

    def run(self, until: int | None = None) -> None:
        """Trains up to step `until`, by default to the end of the plan."""
        until = self._plan.steps if until is None else until
        while self.step < until:
            loss = self._one_step()
            self.step += 1
            if self.step % self._plan.report_every == 0:
                self.log.write(stage="encoder", step=self.step, loss=loss)
            if self.step % self._plan.recall_every == 0:
                self.log.write(stage="encoder", step=self.step, recall=recall(self.model, self.tokenizer, self._validation))
            self.log.save(self._state(), every=self._plan.checkpoint_seconds)
        self.log.save(self._state())

    def _one_step(self) -> float:
        for group in self._optimiser.param_groups:
            group["lr"] = self._plan.rate * _rate(self.step, self._plan)
        batch = encoder_batch(self._train, self._families, self._plan.batch, self._plan.seed, self.step)
        with torch.autocast("cpu", torch.bfloat16):
            loss = self._loss(batch)
        self._optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._parameters, 1.0)
        self._optimiser.step()
        with torch.no_grad():
            self.model.logit_scale.clamp_(0.0, math.log(100.0))  # type: ignore[operator]
        return float(loss.detach())

    def _loss(self, batch: EncoderBatch) -> Tensor:
        pictures = F.normalize(self.model.encode_image(normalised(batch.pictures)).float(), dim=-1)  # type: ignore[operator]
        texts = [F.normalize(self._encode(lines).float(), dim=-1) for lines in batch.texts]
        scale = self.model.logit_scale.exp()  # type: ignore[operator]
        english, chinese = batch.belongs
        loss = contrast(scale * texts[0] @ pictures.T, english) + contrast(scale * texts[1] @ pictures.T, chinese)
        both = batch.full[0][:, None] & batch.full[1][None, :]
        loss = loss + 0.5 * contrast(scale * texts[0] @ texts[1].T, english & chinese.T & both)
        told = self._told(pictures, batch.slots)
        for vectors, full in zip(texts, batch.full, strict=True):
            told = told + 0.5 * self._told(vectors[full], batch.slots[full])
        return loss + 0.3 * told

    def _told(self, vectors: Tensor, slots: Tensor) -> Tensor:
        """Mean cross-entropy of all slots, told from (n, EMBED) vectors of length one."""
        parts = self.heads(vectors * math.sqrt(EMBED)).float().split(SIZES, dim=-1)
        return torch.stack([F.cross_entropy(part, slots[:, i]) for i, part in enumerate(parts)]).mean()

    def _encode(self, lines: list[str]) -> Tensor:
        return self.model.encode_text(tokens(self.tokenizer, lines))  # type: ignore[no-any-return, operator]

    def _state(self) -> dict[str, object]:
        return {
            "step": self.step,
            "model": self.model.state_dict(),
            "heads": self.heads.state_dict(),
            "optimiser": self._optimiser.state_dict(),
        }

    def _resume(self) -> None:
        state = self.log.load()
        if state is None:
            return
        self.step = state["step"]
        self.model.load_state_dict(state["model"])
        self.heads.load_state_dict(state["heads"])
        self._optimiser.load_state_dict(state["optimiser"])
        _log.info("going on from step %d", self.step)


def contrast(logits: Tensor, belongs: Tensor) -> Tensor:
    """Contrastive loss of (n, m) logits with any number of right answers, in both directions; rows and columns without one
    do not count."""
    loss = logits.new_zeros(())
    for table, right in ((logits, belongs), (logits.T, belongs.T)):
        some = right.any(-1)
        if some.any():
            target = right[some].float()
            loss = loss - (table[some].log_softmax(-1) * target).sum(-1).div(target.sum(-1)).mean()
    return loss / 2


def _rate(step: int, plan: EncoderPlan) -> float:
    if step < plan.warm_up:
        return (step + 1) / plan.warm_up
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - plan.warm_up) / max(1, plan.steps - plan.warm_up)))
