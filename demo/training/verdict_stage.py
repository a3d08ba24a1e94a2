"""The reranker's second stage: its language model learns to judge, over pictures that the vision tower already reads."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor
from transformers import Qwen2_5_VLForConditionalGeneration, Qwen2Tokenizer

from demo.training.gallery import Gallery
from demo.training.judge import Heads, Judge, Thoughts
from demo.training.loop import Loop, Losses, Schedule
from demo.training.packing import Packer
from demo.training.sight import see
from demo.training.verdict_batch import Mode, VerdictBatch, verdict_batch
from demo.training.verdict_check import check

SCHEDULE = Schedule(steps=9000, rate=1.0e-3, warm_up=100, fall=0.35, check_every=250)
MODES: tuple[tuple[float, Mode], ...] = (
    (0.4, Mode("t", "i", 0.12)),
    (0.4, Mode("i", "t", 0.12)),
    (0.2, Mode("t", "t", 0.12)),
)


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each loss counts."""

    slots: float = 1.0
    agreement: float = 1.0
    verdict: float = 1.0


class VerdictStage:
    """Trains `model.model.language_model` in place; the vision tower stays as it is."""

    def __init__(
        self,
        model: Qwen2_5_VLForConditionalGeneration,
        tokenizer: Qwen2Tokenizer,
        train: Gallery,
        validation: Gallery,
        folder: Path,
        schedule: Schedule = SCHEDULE,
        modes: Sequence[tuple[float, Mode]] = MODES,
        batch: int = 16,
        seed: int = 7,
    ) -> None:
        torch.manual_seed(seed)
        self.judge = Judge(model, tokenizer, Heads(model.config.text_config.hidden_size))
        self._train, self._validation = train, validation
        self._families, self._modes, self._batch, self._seed = train.families(), modes, batch, seed
        self.packer, self._weights = Packer(tokenizer), Weights()
        self._seen, self.seen_validation = features(model, train), features(model, validation)
        text = model.model.language_model
        self.loop = Loop({"text": text, "heads": self.judge.heads}, self._losses, schedule, folder, self._check)

    def run(self, until: int | None = None) -> None:
        self.loop.run(until)

    def _losses(self, step: int) -> Losses:
        rng = random.Random(f"{self._seed}|{step}")
        mode = rng.choices([mode for _, mode in self._modes], [share for share, _ in self._modes])[0]
        batch = verdict_batch(self._train, self._families, mode, rng, self._batch)
        thoughts = self.judge.think(self.packer.pack(batch.asks), self._seen)
        return losses(thoughts, batch, self._train, self._weights)

    def _check(self) -> dict[str, float]:
        return check(self.judge, self.packer, self._validation, self.seen_validation)


def losses(thoughts: Thoughts, batch: VerdictBatch, gallery: Gallery, weights: Weights) -> Losses:
    """Verdict over all pairs; slots and agreement where both sides name everything, since only then is there one truth."""
    slots = torch.from_numpy(gallery.slots)
    ours, theirs = slots[torch.from_numpy(batch.queries)], slots[torch.from_numpy(batch.documents)]
    full_ours, full_theirs = torch.from_numpy(batch.full_queries), torch.from_numpy(batch.full_documents)
    query = _told(thoughts.query, ours, full_ours)
    document = _told(thoughts.document, theirs, full_theirs)
    same = (ours[:, None] == theirs).float()
    both = full_ours[:, None] & full_theirs
    agreement = F.binary_cross_entropy_with_logits(thoughts.agreement.float()[both], same[both])
    right = torch.from_numpy(batch.right).float()
    verdict = F.binary_cross_entropy_with_logits(thoughts.verdict, right, weight=1 + right)
    return {
        "query": weights.slots * query,
        "document": weights.slots * document,
        "agreement": weights.agreement * agreement,
        "verdict": weights.verdict * verdict,
    }


def _told(told: list[Tensor], slots: Tensor, known: Tensor) -> Tensor:
    """Mean cross-entropy per slot; told[i] (..., values), slots (..., 10), known (...)."""
    return torch.stack([F.cross_entropy(one[known].float(), slots[known][:, i]) for i, one in enumerate(told)]).mean()


def features(model: Qwen2_5_VLForConditionalGeneration, gallery: Gallery) -> Tensor:
    """(n, 16, hidden) bfloat16: every picture's tokens."""
    parts = []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(gallery.items), 256):
            parts.append(see(model.model.visual, gallery.pictures[start : start + 256]).bfloat16())
    return torch.cat(parts)
