"""What made the vectors of a collection."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """encoder: as its user named it. fingerprint: of its weights. created: seconds since 1970."""

    encoder: str
    fingerprint: str
    dimension: int
    created: float
