"""The least time that judging can take on this machine: operations that must be done, by the rate at which it
multiplies matrices of these measures. Knows no passes."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import torch
from torch.nn.functional import linear

from evaluation.bench.checkpoint import Checkpoint
from evaluation.bench.corpus import Task
from evaluation.bench.operations import NONE, Operations, judgement, picture
from evaluation.bench.setup import INSTRUCTION
from evaluation.bench.shape import Linear, Shape
from reranker.pictures import PictureReader
from reranker.request import Request
from reranker.shared import default_batch_tokens
from reranker.writer import PromptWriter

_LEAST_SECONDS: Final = 0.15  # of measuring one matrix
_LEAST_TIMES: Final = 5
_AT_ONCE: Final = {"cuda": 20}  # products in one go: a GPU is waited for at its end, which takes as long as a small one

Rates = Mapping[Linear, float]
"""Operations per second, by matrix."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """Of one request, in tokens. prefix: system, instruction and query. own: what follows, document by document."""

    prefix: int
    own: tuple[int, ...]

    @property
    def prompts(self) -> int:
        """What a pass that reuses nothing reads."""
        return len(self.own) * self.prefix + sum(self.own)


@dataclass(frozen=True, slots=True)
class Needed:
    """What a request needs. warm: with the documents' pictures seen before; a query's picture is always new."""

    cold: Operations
    warm: Operations


def lengths(checkpoint: Checkpoint, task: Task) -> Lengths:
    writer = PromptWriter(checkpoint.processor, PictureReader(checkpoint.processor.image_processor))
    request = Request(writer, INSTRUCTION, task.queries[0])
    prompts = [request.prompt(document) for document in task.documents]
    return Lengths(len(prompts[0].prefix), tuple(len(prompt.own_ids) for prompt in prompts))


def needed(shape: Shape, task: Task, found: Lengths, picture_tokens: int) -> Needed:
    one = picture(shape, picture_tokens)
    text = judgement(shape, found.prefix, found.own)
    query = NONE if task.queries[0].image is None else one
    seen = [one for document in task.documents if document.image is not None]
    return Needed(sum(seen, text + query), text + query)


def rates(operations: Operations, device: torch.device, dtype: torch.dtype) -> Rates:
    """Measured now, with as many threads as torch has and as many rows as a batch of this pass: the best of several
    goes, on one matrix after the other."""
    most = default_batch_tokens(device)
    return {matrix: _rate(matrix, min(rows, most), device, dtype) for matrix, rows in operations.linear.items()}


def floor_seconds(operations: Operations, measured: Rates) -> float:
    """Attention is taken to run as fast as the matrices on average, which flatters no pass: it does not."""
    linear_seconds = sum(2 * rows * matrix.weights / measured[matrix] for matrix, rows in operations.linear.items())
    return linear_seconds + operations.attention / mean_rate(operations, measured)


def mean_rate(operations: Operations, measured: Rates) -> float:
    """Operations per second over all matrices, weighted by time."""
    work = {matrix: 2 * rows * matrix.weights for matrix, rows in operations.linear.items()}
    return sum(work.values()) / sum(amount / measured[matrix] for matrix, amount in work.items())


@torch.inference_mode()
def _rate(matrix: Linear, rows: int, device: torch.device, dtype: torch.dtype) -> float:
    weights = torch.randn(matrix.outputs, matrix.inputs, device=device, dtype=dtype)
    values = torch.randn(rows, matrix.inputs, device=device, dtype=dtype)
    linear(values, weights)
    times = _AT_ONCE.get(device.type, 1)
    spent: list[float] = []
    while len(spent) < _LEAST_TIMES or times * sum(spent) < _LEAST_SECONDS:
        synchronize(device)
        begin = time.perf_counter()
        for _ in range(times):
            linear(values, weights)
        synchronize(device)
        spent.append((time.perf_counter() - begin) / times)
    return 2 * rows * matrix.weights / min(spent)


def synchronize(device: torch.device) -> None:
    """Waits for what a GPU was given to do."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
