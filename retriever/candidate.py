"""What stage 1 hands on: an item, and how each channel came to it."""

from dataclasses import dataclass
from typing import Literal

from indexer.protocols import Channel

QuerySide = Literal["text", "image"]


@dataclass(frozen=True, slots=True)
class ChannelRank:
    """One list in which the item was found.

    channel: the index that was searched. query: the side of the query that was looked up in it.
    rank: from 1. score: cosine, in [-1, 1]; comparable within one list only.
    """

    channel: Channel
    query: QuerySide
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that stage 1 recalls.

    rank: from 1, in the fused order. score: the sum of 1 / (60 + rank) over `channels` (reciprocal rank fusion,
    Cormack et al. 2009).
    """

    id: str
    rank: int
    score: float
    channels: tuple[ChannelRank, ...]
