"""Which examples are read together, in which order. Knows no tokens and no model."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from reranker.examples.example import Example, Group
from reranker.request import Prompt
from reranker.training.prompts import ExamplePrompts


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """prompts: at least one. scores: theirs, (n,) float32 in [0, 1]."""

    prompts: Sequence[Prompt]
    scores: Tensor

    def __len__(self) -> int:
        return len(self.prompts)


class Examples(Dataset[Example]):
    """The examples of all groups, one group after the other."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self._examples = list(chain.from_iterable(group.examples for group in groups))

    def __len__(self) -> int:
        return len(self._examples)

    def __getitem__(self, place: int) -> Example:
        return self._examples[place]


class GroupBatches(Sampler[list[int]]):
    """Batches of examples, as many of a group together as go into one, in an order that seed and epoch decide alone.

    sizes: of the groups. What is left of groups when they fill no batch more is put together with what is left of
    others, so that every epoch has as many batches.
    """

    def __init__(self, sizes: Sequence[int], batch_size: int, seed: int) -> None:
        self._sizes = sizes
        self._batch_size = batch_size
        self._seed = seed
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self._epoch = epoch

    def __len__(self) -> int:
        whole = sum(size // self._batch_size for size in self._sizes)
        left = sum(size % self._batch_size for size in self._sizes)
        return whole + -(-left // self._batch_size)

    def __iter__(self) -> Iterator[list[int]]:
        draw = random.Random(f"{self._seed} {self._epoch}")
        groups, start = [], 0
        for size in self._sizes:
            groups.append(draw.sample(range(start, start + size), size))
            start += size
        draw.shuffle(groups)
        whole = [len(group) - len(group) % self._batch_size for group in groups]
        parts = [group[:stop] for group, stop in zip(groups, whole, strict=True)]
        left = list(chain.from_iterable(group[stop:] for group, stop in zip(groups, whole, strict=True)))
        batches = [batch for part in [*parts, left] for batch in self._cut(part)]
        draw.shuffle(batches)
        return iter(batches)

    def _cut(self, places: list[int]) -> Iterator[list[int]]:
        for start in range(0, len(places), self._batch_size):
            yield places[start : start + self._batch_size]


class Loader(DataLoader[Example]):
    """Batches as the trainer takes them. workers: processes that write prompts ahead; 0 writes them in this one."""

    def __init__(
        self, groups: Sequence[Group], prompts: ExamplePrompts, batch_size: int, seed: int, workers: int = 0
    ) -> None:
        def collate(examples: list[Example]) -> Batch:
            scores = torch.tensor([example.score for example in examples], dtype=torch.float32)
            return Batch(prompts.write(examples), scores)

        self._order = GroupBatches([len(group.examples) for group in groups], batch_size, seed)
        super().__init__(Examples(groups), batch_sampler=self._order, collate_fn=collate, num_workers=workers)

    def set_epoch(self, epoch: int) -> None:
        self._order.set_epoch(epoch)
