"""The seam between prompts and the model: a pass runs batches of prompts, and one that fails costs no other document
its verdict. Knows no model."""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from reranker.request import Prompt

logger = logging.getLogger(__name__)


class JudgingPass(Protocol):
    """A way to run the model over prompts. Verdicts do not depend on the batch that a prompt is in."""

    def plan(self, prompts: Sequence[Prompt]) -> list[list[int]]:
        """Batches of indexes into `prompts`, each index once, in the order in which they are best run."""

    def logits(self, prompts: Sequence[Prompt]) -> Tensor:
        """One batch: the logits of (yes, no) at the last position, (n, 2) float32 on the CPU, in order."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the model gave no verdict on a prompt."""

    reason: str


Verdict = tuple[float, float]  # logits of (yes, no)


def judge(judging_pass: JudgingPass, prompts: Sequence[Prompt]) -> list[Verdict | Failure]:
    """One verdict or failure per prompt, in the same order. A batch that fails is tried again prompt by prompt."""
    outcomes: dict[int, Verdict | Failure] = {}
    for batch in judging_pass.plan(prompts):
        outcomes.update(zip(batch, _run(judging_pass, [prompts[index] for index in batch]), strict=True))
    return [outcomes[index] for index in range(len(prompts))]


def _run(judging_pass: JudgingPass, prompts: Sequence[Prompt]) -> list[Verdict | Failure]:
    try:
        return [_verdict(yes, no) for yes, no in judging_pass.logits(prompts).tolist()]
    except Exception as error:
        logger.warning("the model failed on a batch of %d documents", len(prompts), exc_info=True)
        failure = _failure(error, prompts)
    # Outside of `except`: there the traceback would still hold the failed batch's memory.
    if len(prompts) == 1:
        return [failure]
    return [outcome for prompt in prompts for outcome in _run(judging_pass, [prompt])]


def _verdict(yes: float, no: float) -> Verdict | Failure:
    if not math.isfinite(yes) or not math.isfinite(no):
        return Failure("the model gave no number for this document")
    return yes, no


def _failure(error: Exception, prompts: Sequence[Prompt]) -> Failure:
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return Failure(f"the device has too little memory for this document of {max(map(len, prompts)):,} tokens")
    first_line = str(error).partition("\n")[0]
    return Failure(f"the model failed on this document: {type(error).__name__}: {first_line}")
