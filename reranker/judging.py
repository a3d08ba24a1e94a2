"""The seam between prompts and the model: a pass runs batches of prompts, and one that fails costs no other document
its verdict. Knows no model."""

import logging
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from torch import Tensor

from reranker.device import is_out_of_memory
from reranker.request import Prompt

logger = logging.getLogger(__name__)

_FAILED = "the model failed on a batch of %d documents"

Logits = Callable[[], Tensor]
"""A batch that is ready for the device: calling it gives the logits of (yes, no) at the last position of each prompt,
(n, 2) float32 on the CPU, in order."""


class JudgingPass(Protocol):
    """A way to run the model over prompts. Verdicts do not depend on the batch that a prompt is in."""

    def batches(self, prompts: Iterable[Prompt]) -> Iterator[list[Prompt]]:
        """The prompts in batches, each prompt once, in the order in which they are best run. Reads no further ahead
        than it must."""

    def prepare(self, prompts: Sequence[Prompt]) -> Logits:
        """One batch, made ready on any thread; what it gives is called on the device's thread."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the model gave no verdict on a prompt."""

    reason: str


class PrefixFailed(Exception):
    """Raised by a pass, from the error itself, when it failed on what all prompts of a batch begin with: no part of the
    batch would fare better."""


Outcome = TypeVar("Outcome")
Verdict = tuple[float, float]  # logits of (yes, no)
Verdicts = Callable[[], list[Verdict | Failure]]


def prepare(judging_pass: JudgingPass, prompts: Sequence[Prompt]) -> Verdicts:
    """One batch, made ready on this thread. Calling what it gives judges the batch: one verdict or failure per prompt,
    in the same order."""

    def make(some: Sequence[Prompt]) -> Callable[[], list[Verdict | Failure]]:
        logits = judging_pass.prepare(some)
        return lambda: [_verdict(yes, no) for yes, no in logits().tolist()]

    return in_parts(make, prompts)


def in_parts(
    make: Callable[[Sequence[Prompt]], Callable[[], list[Outcome]]], prompts: Sequence[Prompt]
) -> Callable[[], list[Outcome | Failure]]:
    """What `make` does for a batch, in two steps as it does it; a batch that fails in either is tried again in halves,
    until what fails is a prompt alone. Failures are logged."""
    try:
        ready = make(prompts)
    except Exception as error:
        logger.warning(_FAILED, len(prompts), exc_info=True)
        return _after(error, make, prompts)

    def outcomes() -> list[Outcome | Failure]:
        try:
            return [*ready()]
        except Exception as error:
            logger.warning(_FAILED, len(prompts), exc_info=True)
            again = _after(error, make, prompts)
        # Outside of `except`: there the traceback would still hold the failed batch's memory.
        return again()

    return outcomes


def _after(
    error: Exception, make: Callable[[Sequence[Prompt]], Callable[[], list[Outcome]]], prompts: Sequence[Prompt]
) -> Callable[[], list[Outcome | Failure]]:
    """What is left to do when a batch has failed."""
    if isinstance(error, PrefixFailed):
        failure = _failure(error.__cause__ or error, "query", len(prompts[0].prefix))
        return lambda: [failure] * len(prompts)
    if len(prompts) == 1:
        failure = _failure(error, "document", len(prompts[0]))
        return lambda: [failure]
    middle = len(prompts) // 2
    halves = (prompts[:middle], prompts[middle:])
    return lambda: [outcome for half in halves for outcome in in_parts(make, half)()]


def _verdict(yes: float, no: float) -> Verdict | Failure:
    if not math.isfinite(yes) or not math.isfinite(no):
        return Failure("the model gave no number for this document")
    return yes, no


def _failure(error: BaseException, what: str, tokens: int) -> Failure:
    if is_out_of_memory(error):
        return Failure(f"the device has too little memory for this {what} of {tokens:,} tokens")
    first_line = str(error).partition("\n")[0]
    return Failure(f"the model failed on this {what}: {type(error).__name__}: {first_line}")
