"""The reranker's second stage: its language model learns to judge, over pictures that its eyes already read."""

import random
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import Qwen2_5_VLForConditionalGeneration, Qwen2Tokenizer

from demo.training.gallery import Gallery
from demo.training.judge import Heads, Judge, Thoughts
from demo.training.loop import Loop, Losses, Schedule
from demo.training.packing import Packer
from demo.training.saying import UNSAID
from demo.training.sight import see
from demo.training.slots import Slots
from demo.training.tasks import INSTRUCTIONS as TASKS
from demo.training.verdict_batch import Mode, VerdictBatch, VerdictBatches
from demo.training.verdict_check import check
from reranker.instructions import INSTRUCTIONS

SCHEDULE = Schedule(steps=6500, rate=1.0e-3, warm_up=100, fall=0.45, check_every=500)
MODES: tuple[tuple[float, Mode], ...] = (
    (0.26, Mode("t", "i", loose=0.5, foreign=0.15)),
    (0.26, Mode("i", "t", loose=0.3, foreign=0.15)),
    (0.14, Mode("t", "t", loose=0.5, foreign=0.15)),
    (0.10, Mode("i", "i", foreign=0.15)),
    (0.06, Mode("t", "it", loose=0.5, foreign=0.15)),
    (0.06, Mode("it", "t", loose=0.3, foreign=0.15)),
    (0.06, Mode("it", "i", loose=0.3, foreign=0.15)),
    (0.06, Mode("it", "it", loose=0.3, foreign=0.15)),
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
        heads = Heads(model.model.language_model.embed_tokens.weight.shape[1])
        self.judge = Judge(model, tokenizer, heads.to(model.device))
        self._train, self._validation = train, validation
        self._batches, self._modes, self._size, self._seed = VerdictBatches(train, _ASKED), modes, size, seed
        self.packer = Packer(tokenizer)
        self._seen, self.seen_validation = features(model, train), features(model, validation)
        text = model.model.language_model
        of = f"{train.fingerprint}|{size}|{seed}|{self._modes}|{_eyes(model.model.visual)}"
        self.loop = Loop({"text": text, "heads": self.judge.heads}, self._losses, schedule, folder, self._check, of)

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
    device = thoughts.verdict.device
    agreed = torch.from_numpy(batch.agreement).to(device)
    known = agreed != UNSAID
    right = torch.from_numpy(batch.right).to(device).float()
    return {
        "query": _told(thoughts.query, batch.queries),
        "document": _told(thoughts.document, batch.documents),
        "agreement": F.binary_cross_entropy_with_logits(thoughts.agreement.float()[known], agreed[known].float()),
        "verdict": F.binary_cross_entropy_with_logits(thoughts.verdict, right, weight=1 + right),
    }


def _told(told: list[Tensor], slots: Slots) -> Tensor:
    """Mean cross-entropy per slot; told[i] (..., values), slots (..., 10)."""
    rows = torch.from_numpy(slots).to(told[0].device).flatten(0, -2)
    parts = [
        F.cross_entropy(one.flatten(0, -2).float(), rows[:, i], reduction="sum", ignore_index=UNSAID)
        for i, one in enumerate(told)
    ]
    return (torch.stack(parts) / (rows != UNSAID).sum(0).clamp(min=1)).mean()


def _eyes(visual: nn.Module) -> str:
    """Which vision tower it is: a verdict goes on with no other."""
    hasher = sha256()
    for weight in visual.blocks.parameters():  # type: ignore[union-attr]
        hasher.update(weight.detach().cpu().numpy().tobytes())
    return hasher.hexdigest()[:12]


def features(model: Qwen2_5_VLForConditionalGeneration, gallery: Gallery) -> Tensor:
    """(n + again + m, 16, hidden) bfloat16: the tokens of every picture, then of every label."""
    parts = [shown[at : at + 256] for shown in (gallery.pictures, gallery.labels) for at in range(0, len(shown), 256)]
    with torch.no_grad(), torch.autocast(model.device.type, torch.bfloat16):
        return torch.cat([see(model.model.visual, part).bfloat16() for part in parts])
