"""What every benchmark of stage 2 begins with: the model of some measures on some device. Knows no sides."""

from dataclasses import dataclass
from math import isqrt
from typing import Final

import torch

from content.errors import InvalidInput
from evaluation.bench.checkpoint import Checkpoint, make
from evaluation.bench.shape import Shape
from reranker.device import choose_device, choose_dtype
from reranker.pictures import MAX_TOKENS, MIN_TOKENS

INSTRUCTION: Final = "Given a web search query, retrieve relevant passages that answer the query"


@dataclass(frozen=True, slots=True)
class Setup:
    """threads: of torch. device, dtype: as in the settings. seed: of weights, texts and pictures.

    Raises InvalidInput for picture tokens that a square picture cannot have or a reranker would not read: it would
    scale the picture, and floors be counted for another.
    """

    shape: Shape
    threads: int
    device: str
    dtype: str
    seed: int
    picture_tokens: int

    def __post_init__(self) -> None:
        tokens = self.picture_tokens
        if not MIN_TOKENS <= tokens <= MAX_TOKENS or isqrt(tokens) ** 2 != tokens:
            raise InvalidInput(
                f"--picture-tokens is a square number from {MIN_TOKENS} to {MAX_TOKENS} (64, 256, 1024), not {tokens}",
                param="--picture-tokens",
            )

    @property
    def place(self) -> torch.device:
        return choose_device(self.device)

    @property
    def number(self) -> torch.dtype:
        return choose_dtype(self.dtype, self.place)

    def checkpoint(self) -> Checkpoint:
        """Makes the model, and holds torch to the threads."""
        torch.set_num_threads(self.threads)
        return make(self.shape, self.place, self.number, self.seed)
