"""What stage 1 hands on: an item, and how each channel came to it."""

from dataclasses import dataclass
from typing import Literal

from indexer.item import Passage

QuerySide = Literal["text", "image"]
ChannelName = Literal["image", "text", "words"]


@dataclass(frozen=True, slots=True)
class ChannelRank:
    """One list in which the item was found.

    channel: what was searched: vectors of pictures, vectors of texts, or words. query: the side of the query that was
    looked up in it. rank: from 1. score: cosine, in [-1, 1], or BM25 for words; comparable within one list only.
    """

    channel: ChannelName
    query: QuerySide
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that stage 1 recalls.

    rank: from 1, in the fused order. score: the sum of weight / (60 + rank) over `channels` (reciprocal rank fusion,
    Cormack et al. 2009). passage: the piece of the item's writing that was found, by the list that ranks it best; None
    where only its picture or its metadata was.
    """

    id: str
    rank: int
    score: float
    channels: tuple[ChannelRank, ...]
    passage: Passage | None = None
