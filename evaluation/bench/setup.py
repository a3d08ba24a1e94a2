"""What every benchmark of stage 2 begins with: the model of some measures on some device. Knows no sides."""

from dataclasses import dataclass
from typing import Final

import torch

from evaluation.bench.checkpoint import Checkpoint, make
from evaluation.bench.shape import Shape
from reranker.device import choose_device, choose_dtype

INSTRUCTION: Final = "Given a web search query, retrieve relevant passages that answer the query"


@dataclass(frozen=True, slots=True)
class Setup:
    """threads: of torch. device, dtype: as in the settings. seed: of weights, texts and pictures."""

    shape: Shape
    threads: int
    device: str
    dtype: str
    seed: int
    picture_tokens: int

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
