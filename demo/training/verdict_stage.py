"""The reranker's second stage: its language model learns to judge, over pictures that its eyes already read."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from transformers import Qwen2_5_VLForConditionalGeneration, Qwen2Tokenizer

from demo.training.gallery import Gallery
from demo.training.judge import Heads, Judge, Thoughts
from demo.training.loop import Loop, Losses, Schedule
from demo.training.packing import Packer
from demo.training.saying import UNSAID
from demo.training.sight import see
from demo.training.slots import Slots
from demo.training.strange import UNKNOWN
from demo.training.tasks import INSTRUCTIONS as TASKS
from demo.training.verdict_batch import Mode, VerdictBatch, VerdictBatches
from demo.training.verdict_check import check
from reranker.instructions import INSTRUCTIONS

SCHEDULE = Schedule(steps=8000, rate=1.0e-3, warm_up=100, fall=0.5, check_every=250)
_ODD = 0.12
MODES: tuple[tuple[float, Mode], ...] = (
    (0.26, Mode("t", "i", 0.5, 0.08, _ODD, 3 * _ODD)),
    (0.26, Mode("i", "t", 0.3, 0.08, _ODD, 3 * _ODD)),
    (0.14, Mode("t", "t", 0.5, 0.08, _ODD, 3 * _ODD)),
    (0.10, Mode("i", "i", 0.0, 0.0, _ODD, 3 * _ODD)),
    (0.06, Mode("t", "it", 0.5, 0.0, _ODD, 3 * _ODD)),
    (0.06, Mode("it", "t", 0.1, 0.0, _ODD, 3 * _ODD)),
    (0.06, Mode("it", "i", 0.0, 0.0, _ODD, 3 * _ODD)),
    (0.06, Mode("it", "it", 0.0, 0.0, _ODD, 3 * _ODD)),
)


_ASKED = tuple(dict.fromkeys([*TASKS, *INSTRUCTIONS.values()]))  # whatever the reranker may be told, and more


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
        size: int = 16,
        seed: int = 7,
    ) -> None:
        torch.manual_seed(seed)
        self.judge = Judge(model, tokenizer, Heads(model.model.language_model.embed_tokens.weight.shape[1]))
        self._train, self._validation = train, validation
        self._batches, self._modes, self._size, self._seed = VerdictBatches(train, _ASKED), modes, size, seed
        self.packer = Packer(tokenizer)
        self._seen, self.seen_validation = features(model, train), features(model, validation)
        text = model.model.language_model
        self.loop = Loop({"text": text, "heads": self.judge.heads}, self._losses, schedule, folder, self._check)

    def run(self, until: int | None = None) -> None:
        self.loop.run(until)

    def _losses(self, step: int) -> Losses:
        rng = random.Random(f"{self._seed}|{step}")
        mode = rng.choices([mode for _, mode in self._modes], [share for share, _ in self._modes])[0]
        batch = self._batches.draw(mode, rng, self._size)
        thoughts = self.judge.think(self.packer.pack(batch.asks), self._seen)
        return losses(thoughts, batch)

    def _check(self) -> dict[str, float]:
        return check(self.judge, self.packer, self._validation, self.seen_validation)


def losses(thoughts: Thoughts, batch: VerdictBatch) -> Losses:
    """Verdict over all pairs; slots and agreement wherever something is said."""
    agreed = torch.from_numpy(batch.agreement)
    known = agreed != UNSAID
    right = torch.from_numpy(batch.right).float()
    return {
        "query": _told(thoughts.query, batch.queries),
        "document": _told(thoughts.document, batch.documents),
        "agreement": F.binary_cross_entropy_with_logits(thoughts.agreement.float()[known], agreed[known].float()),
        "verdict": F.binary_cross_entropy_with_logits(thoughts.verdict, right, weight=1 + right),
    }


def _told(told: list[Tensor], slots: Slots) -> Tensor:
    """Mean cross-entropy per slot; told[i] (..., values), slots (..., 10)."""
    rows = torch.from_numpy(np.where(slots == UNSAID, UNKNOWN, slots)).flatten(0, -2)
    parts = [F.cross_entropy(one.flatten(0, -2).float(), rows[:, i], reduction="sum") for i, one in enumerate(told)]
    return (torch.stack(parts) / (rows != UNKNOWN).sum(0).clamp(min=1)).mean()


def features(model: Qwen2_5_VLForConditionalGeneration, gallery: Gallery) -> Tensor:
    """(n + again + odd, 16, hidden) bfloat16: every picture's tokens."""
    starts = range(0, len(gallery.pictures), 256)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        return torch.cat([see(model.model.visual, gallery.pictures[at : at + 256]).bfloat16() for at in starts])
