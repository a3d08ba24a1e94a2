"""The seam between the decoder's layers and attention over packed documents: how they lie, and what a token may see.
Knows no kernels. Tensors are token-major: (tokens, heads, head dim)."""

from dataclasses import dataclass
from typing import Protocol

from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What may be attended to in one layer, as (tokens, key heads, head dim): keys and values of the packed documents
    and of their prefix. There may be fewer key heads than query heads (grouped queries)."""

    key: Tensor
    value: Tensor
    prefix_key: Tensor
    prefix_value: Tensor


class Packing(Protocol):
    """How the documents of one batch lie behind each other."""

    @property
    def ends(self) -> Tensor:
        """The place of each document's last token, (documents,) int64."""

    def attend(self, query: Tensor, seen: Seen) -> Tensor:
        """For every token: (tokens, heads, head dim), as query."""

    def attend_last(self, query: Tensor, seen: Seen) -> Tensor:
        """For each document's last token only: (documents, heads, head dim), as query."""
