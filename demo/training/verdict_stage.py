"""The reranker's second stage: its language model learns to judge, over pictures that the vision tower already reads."""

import random
from collections.abc import Sequence
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
from demo.training.tasks import INSTRUCTIONS as TASKS
from demo.training.verdict_batch import Mode, VerdictBatch, VerdictBatches
from demo.training.verdict_check import check
from reranker.instructions import INSTRUCTIONS

SCHEDULE = Schedule(steps=4500, rate=1.0e-3, warm_up=100, fall=0.5, check_every=250)
MODES: tuple[tuple[float, Mode], ...] = (
    (0.26, Mode("t", "i", 0.15, 0.08)),
    (0.26, Mode("i", "t", 0.15, 0.08)),
    (0.14, Mode("t", "t", 0.15, 0.08)),
    (0.10, Mode("i", "i")),
    (0.06, Mode("t", "it", 0.1)),
    (0.06, Mode("it", "t", 0.1)),
    (0.06, Mode("it", "i")),
    (0.06, Mode("it", "it")),
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
        self.judge = Judge(model, tokenizer, Heads(model.config.text_config.hidden_size))
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
    return {"query": query, "document": document, "agreement": agreement, "verdict": verdict}


def _told(told: list[Tensor], slots: Tensor, known: Tensor) -> Tensor:
    """Mean cross-entropy per slot; told[i] (..., values), slots (..., 10), known (...)."""
    return torch.stack([F.cross_entropy(one[known].float(), slots[known][:, i]) for i, one in enumerate(told)]).mean()


def features(model: Qwen2_5_VLForConditionalGeneration, gallery: Gallery) -> Tensor:
    """(n + again, 16, hidden) bfloat16: every picture's tokens."""
    parts = []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(gallery.pictures), 256):
            parts.append(see(model.model.visual, gallery.pictures[start : start + 256]).bfloat16())
    return torch.cat(parts)
