"""The manifest of a collection: what it is, for people and programs that look into the folder. Derived from the store,
and read by nothing here."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from content.errors import CollectionError
from indexer.files import replaced
from indexer.protocols import Channel

FILE_NAME: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class IndexState:
    """One channel's index. recall: the share of the exact top 100 that it finds, measured when it was built; 1.0 where
    it is exact (`Flat`). k_factor: how many times as many vectors as are asked for it refines; None where exact."""

    type: str
    vectors: int
    recall: float
    k_factor: int | None = None


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

    def write(self, folder: Path) -> None:
        """Raises CollectionError when the disk does not take it."""
        try:
            with replaced(folder / FILE_NAME) as temporary:
                temporary.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        except OSError as error:
            raise CollectionError(f"cannot write {folder / FILE_NAME}: {error.strerror}") from error
