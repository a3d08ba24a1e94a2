"""The folder that holds all collections: names are checked, open collections are kept. Knows nothing of searching."""

from dataclasses import dataclass
from pathlib import Path

from indexer.collection import Collection
from indexer.manifest import Manifest
from indexer.protocols import Encoder


@dataclass(frozen=True, slots=True)
class Listed:
    """One collection in a listing. manifest: None where it cannot be read, and then `error` says why."""

    name: str
    manifest: Manifest | None
    error: str | None = None


class Library:
    """All collections under `root`, made and searched with `encoder`; safe to use from several threads."""

    def __init__(self, root: Path, encoder: Encoder) -> None: ...

    def list(self) -> list[Listed]:
        """Every collection, by name."""

    def info(self, name: str) -> Manifest:
        """Raises InvalidInput for a bad name, NotFound, CollectionError."""

    def open(self, name: str) -> Collection:
        """The collection, opened once and kept. Raises InvalidInput, NotFound, EncoderMismatch, CollectionError."""

    def create(self, name: str) -> bool:
        """Makes an empty collection; False when it is there already, which changes nothing."""

    def drop(self, name: str) -> None:
        """Closes the collection and removes its folder, at once for everybody who looks. Raises NotFound."""

    def close(self) -> None:
        """Closes every open collection."""
