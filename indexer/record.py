"""What a source hands to the build: things to index, still undecoded, and things it had to refuse."""

import hashlib
import json
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


def digest(text: str | None, image: bytes | None, metadata: Mapping[str, JsonValue]) -> bytes:
    """32 bytes (BLAKE2b) that differ whenever the content differs. The one function that makes `Record.digest`.

    image: the bytes of the picture file; for a picture that is rendered, bytes that change whenever it would.
    Every part is framed by whether it is there and how long it is; the order of metadata keys does not count.
    """
    written = json.dumps(metadata, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    hasher = hashlib.blake2b(digest_size=32)
    for part in (None if text is None else _bytes(text), image, _bytes(written)):
        hasher.update(b"-" if part is None else b"+" + len(part).to_bytes(8))
        hasher.update(part or b"")
    return hasher.digest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


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
