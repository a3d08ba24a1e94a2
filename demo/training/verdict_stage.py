"""The reranker's second stage: its language model learns to judge, over pictures that its eyes already read."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor
from transformers import Qwen2_5_VLForConditionalGeneration, Qwen2Tokenizer

from demo.training.gallery import Gallery
from demo.training.judge import Heads, Judge, Thoughts
from demo.training.loop import Loop, Losses, Schedule
from demo.training.packing import Packer
from demo.training.sight import see
from demo.training.strange import UNKNOWN, strange_slots
from demo.training.tasks import INSTRUCTIONS as TASKS
from demo.training.verdict_batch import Mode, VerdictBatch, VerdictBatches
from demo.training.verdict_check import check
from reranker.instructions import INSTRUCTIONS

SCHEDULE = Schedule(steps=5600, rate=1.0e-3, warm_up=100, fall=0.5, check_every=250)
_ODD = 0.12
MODES: tuple[tuple[float, Mode], ...] = (
    (0.26, Mode("t", "i", 0.15, 0.08, _ODD, 3 * _ODD)),
    (0.26, Mode("i", "t", 0.15, 0.08, _ODD, 3 * _ODD)),
    (0.14, Mode("t", "t", 0.15, 0.08, _ODD, 3 * _ODD)),
    (0.10, Mode("i", "i", 0.0, 0.0, _ODD, 3 * _ODD)),
    (0.06, Mode("t", "it", 0.1, 0.0, _ODD, 3 * _ODD)),
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
        return losses(thoughts, batch, self._train)

    def _check(self) -> dict[str, float]:
        return check(self.judge, self.packer, self._validation, self.seen_validation)


def losses(thoughts: Thoughts, batch: VerdictBatch, gallery: Gallery) -> Losses:
    """Verdict over all pairs; slots and agreement where both sides name everything: only then is there one truth."""
    ours = _slots(gallery, batch.queries, batch.odd_queries)
    theirs = _slots(gallery, batch.documents, batch.odd_documents)
    full_ours, full_theirs = torch.from_numpy(batch.full_queries), torch.from_numpy(batch.full_documents)
    query = _told(thoughts.query, ours, full_ours)
    document = _told(thoughts.document, theirs, full_theirs)
    same = (ours[:, None] == theirs).float()
    both = full_ours[:, None] & full_theirs
    agreement = F.binary_cross_entropy_with_logits(thoughts.agreement.float()[both], same[both])
    right = torch.from_numpy(batch.right).float()
    verdict = F.binary_cross_entropy_with_logits(thoughts.verdict, right, weight=1 + right)
    return {"query": query, "document": document, "agreement": agreement, "verdict": verdict}


def _slots(gallery: Gallery, rows: NDArray[np.int64], odd: NDArray[np.bool_]) -> Tensor:
    """(..., 10), unknown where strange."""
    known = np.array(gallery.slots[rows])
    known[odd] = strange_slots([gallery.items[row] for row in rows[odd]], known[odd])
    return torch.from_numpy(known)


def _told(told: list[Tensor], slots: Tensor, full: Tensor) -> Tensor:
    """Mean cross-entropy per slot; told[i] (..., values), slots (..., 10), full (...)."""
    parts = [F.cross_entropy(one[full].float(), slots[full][:, i], reduction="sum") for i, one in enumerate(told)]
    known = (slots[full] != UNKNOWN).sum(0).clamp(min=1)
    return (torch.stack(parts) / known).mean()


def features(model: Qwen2_5_VLForConditionalGeneration, gallery: Gallery) -> Tensor:
    """(n + again + odd, 16, hidden) bfloat16: every picture's tokens."""
    starts = range(0, len(gallery.pictures), 256)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        return torch.cat([see(model.model.visual, gallery.pictures[at : at + 256]).bfloat16() for at in starts])
