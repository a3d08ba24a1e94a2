"""What a store knows of the base of a channel, the index file that is derived from it."""

import json
from dataclasses import asdict, dataclass

from indexer.protocols import Channel
from indexer.store.position import Position


@dataclass(frozen=True, slots=True)
class BaseState:
    """The one file that counts, and up to where it holds the changes.

    kind: as FAISS writes it. recall: measured when it was built. vectors: how many it holds.
    """

    file: str
    key: int
    removal: int
    kind: str
    recall: float
    k_factor: int
    vectors: int

    @property
    def position(self) -> Position:
        return Position(self.key, self.removal)

    @classmethod
    def read(cls, written: str | None) -> "BaseState | None":
        """None where nothing is written, or nothing that can be read: then the base is built again."""
        try:
            return None if written is None else cls(**json.loads(written))
        except (TypeError, ValueError):
            return None

    def written(self) -> str:
        return json.dumps(asdict(self))


def info_key(channel: Channel) -> str:
    """Under which name `info` keeps the state of a channel's base."""
    return f"base_{channel}"
