"""What a source hands to the build: things to index, still undecoded, and things it had to refuse."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from PIL import Image

from indexer.item import JsonValue

RawImage = bytes | Callable[[], Image.Image]


@dataclass(frozen=True, slots=True)
class Record:
    """One thing to index, read but not decoded.

    image: the bytes of a picture file, or a function that renders the picture (a PDF page).
    digest: 32 bytes that change whenever text, picture or metadata change; an equal digest means nothing to do.
    """

    id: str
    text: str | None
    image: RawImage | None
    digest: bytes
    metadata: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something of a source that was not indexed. origin: the file, page or row, as a user would name it."""

    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something of a source that has been seen but not read. `read` runs on a worker thread and may take long.

    `read` raises LycheeError (bad content) or OSError (unreadable file); the build turns both into a Refusal.
    """

    origin: str
    read: Callable[[], Record]


class Source(Protocol):
    """A place to index from. `entries` is lazy and cheap: it lists, `Entry.read` reads."""

    def entries(self) -> Iterator[Entry | Refusal]: ...

    def count(self) -> int | None:
        """How many entries there will be, where that can be known cheaply; only for the progress bar."""
