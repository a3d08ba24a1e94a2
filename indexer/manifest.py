"""The manifest of a collection: what it is, for people and programs that look into the folder. Derived from the store."""

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.protocols import Channel


@dataclass(frozen=True, slots=True)
class IndexState:
    """One channel's index. recall: share of the exact top 100 that it finds, 1.0 where it is exact (`Flat`)."""

    type: str
    vectors: int
    recall: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """encoder, fingerprint: what made the vectors. dimension: length of a vector. items: how many there are."""

    format: int
    encoder: str
    fingerprint: str
    dimension: int
    metric: str
    items: int
    indexes: Mapping[Channel, IndexState]
