"""The vision tower with a store of what it saw in front of it: a picture is read once, however many queries meet it.
Knows no prompts.

The tower's output depends on the picture and on the pixels it may have, and on nothing else of a request.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor
from transformers.models.qwen2_5_vl.modeling_qwen2_5_vl import Qwen2_5_VisionTransformerPretrainedModel

from reranker.features import FeatureStore
from reranker.pictures import Picture, PictureReader
from reranker.tower import see

_CPU_TOKENS = 256  # per run of the tower on a CPU: what it holds in between then stays in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A picture on its way through the tower.

    features: (tokens, hidden) where the store had them. patches: (4 x tokens, values of a patch) float32 where not.
    """

    picture: Picture
    features: Tensor | None
    patches: Tensor | None = None


class VisionTower:
    """store: None keeps nothing. batch_tokens: picture tokens per run of the tower, where there are several."""

    def __init__(
        self,
        tower: Qwen2_5_VisionTransformerPretrainedModel,
        reader: PictureReader,
        store: FeatureStore | None,
        batch_tokens: int,
    ) -> None:
        self._tower = tower
        self._reader = reader
        self._store = store
        self._batch_tokens = batch_tokens

    def look(self, pictures: Sequence[Picture]) -> list[Look]:
        """One per picture: found in the store, or cut into patches. For any thread."""
        return [self._look(picture) for picture in pictures]

    def features(self, looks: Sequence[Look]) -> Tensor:
        """What the language model reads of the pictures, one after the other: (sum of tokens, hidden), on the device.

        For the device's thread. A picture that comes twice is read once.
        """
        found = {look.picture.key: look.features for look in looks if look.features is not None}
        missing = {look.picture.key: look for look in looks if look.picture.key not in found}
        for group in self._groups(missing.values()):
            found.update(self._read(group))
        device = self._tower.device
        return torch.cat([found[look.picture.key].to(device, non_blocking=True) for look in looks])

    def steps(self, pictures: Iterable[Picture]) -> Iterator[Callable[[], int]]:
        """Reads pictures into the store: iterating cuts patches, calling a step runs the tower and gives the number of
        its pictures."""
        for group in self._groups(map(self._look, pictures)):
            yield partial(self._see, group)

    @torch.inference_mode()
    def _see(self, looks: Sequence[Look]) -> int:
        self.features(looks)
        return len(looks)

    def _look(self, picture: Picture) -> Look:
        features = None if self._store is None else self._store.get(picture.key)
        if features is not None:
            return Look(picture, features)
        patches, _ = self._reader.patches([picture])
        return Look(picture, None, patches)

    def _groups(self, looks: Iterable[Look]) -> Iterator[list[Look]]:
        """Reads no further ahead than it must."""
        budget = min(self._batch_tokens, _CPU_TOKENS) if self._tower.device.type == "cpu" else self._batch_tokens
        group: list[Look] = []
        room = budget
        for look in looks:
            if group and look.picture.tokens > room:
                yield group
                group, room = [], budget
            group.append(look)
            room -= look.picture.tokens
        if group:
            yield group

    def _read(self, looks: Sequence[Look]) -> dict[bytes, Tensor]:
        patches = torch.cat([look.patches for look in looks if look.patches is not None])
        grids = torch.tensor([look.picture.grid for look in looks])
        tower = self._tower
        seen = see(tower, patches.to(tower.device, tower.dtype), grids.to(tower.device))
        parts = torch.split(seen, [look.picture.tokens for look in looks])
        found = {look.picture.key: part for look, part in zip(looks, parts, strict=True)}
        if self._store is not None:
            for key, part in found.items():
                self._store.put(key, part.cpu())
        return found
