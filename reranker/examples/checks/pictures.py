"""The pictures that examples name: whether they are there and can be read, their digest and their tokens. Knows no
texts, and no model: the arithmetic of tokens is that of `reranker.pictures`, without its libraries."""

import hashlib
import math
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from content.errors import LycheeError, NotFound
from content.images import load_image
from reranker.examples.checks.finding import Fault, Kind, shown
from reranker.examples.checks.kinds import (
    PICTURE_ELONGATED,
    PICTURE_MISSING,
    PICTURE_OUTSIDE,
    PICTURE_UNREADABLE,
    PICTURE_URL,
)
from reranker.examples.checks.normal import digest
from reranker.examples.contents import Contents, is_data_uri
from reranker.examples.example import Side

SIDE: Final = 28  # pixels along a token of Qwen2.5-VL
MIN_TOKENS: Final = 4
MAX_TOKENS: Final = 1280
MAX_RATIO: Final = 200
_URL: Final = re.compile(r"\s*https?://", re.IGNORECASE)
_MOST_KEPT: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """digest: of the file's bytes, or of the name where there are none. tokens: at most; 0: it cannot be read."""

    digest: bytes
    tokens: int
    faults: tuple[Fault, ...] = ()


class Pictures:
    """Looks at each picture once. open_files: if not, a name stands for its picture."""

    def __init__(self, folder: Path, *, open_files: bool = True) -> None:
        self._contents = Contents(folder)
        self._open_files = open_files
        self._known: dict[bytes, PictureFacts] = {}

    def facts(self, image: str) -> PictureFacts:
        name = digest(image)
        known = self._known.get(name)
        if known is None:
            known = self._look(image, name)
            if len(self._known) < _MOST_KEPT:
                self._known[name] = known
        return known

    def _look(self, image: str, name: bytes) -> PictureFacts:
        if _URL.match(image):
            return _bad(name, PICTURE_URL, f"{shown(image)} is a URL; pictures are read from files")
        if not self._open_files:
            return PictureFacts(name, MAX_TOKENS)
        try:
            data = self._contents.picture_bytes(Side(image=image))
            width, height = load_image(data).size
        except LycheeError as error:
            return self._refused(image, name, error)
        if max(width, height) > MAX_RATIO * min(width, height):
            reason = f"it is {width:,} x {height:,} pixels; the longer side is at most {MAX_RATIO} times the shorter"
            return _bad(name, PICTURE_ELONGATED, reason)
        return PictureFacts(hashlib.blake2b(data, digest_size=16).digest(), picture_tokens(width, height))

    def _refused(self, image: str, name: bytes, error: LycheeError) -> PictureFacts:
        if is_data_uri(image):
            return _bad(name, PICTURE_UNREADABLE, f"a data URI: {error.message}")
        if self._leads_out(image):
            return _bad(name, PICTURE_OUTSIDE, f"{shown(image)} leads out of the folder of the file")
        if isinstance(error, NotFound):
            return _bad(name, PICTURE_MISSING, f"there is no file {shown(image)}")
        return _bad(name, PICTURE_UNREADABLE, f"{shown(image)}: {error.message}")

    def _leads_out(self, image: str) -> bool:
        base = os.path.realpath(self._contents.folder)
        try:
            return not Path(os.path.realpath(Path(base) / image)).is_relative_to(base)
        except (OSError, ValueError):
            return False


def picture_tokens(width: int, height: int) -> int:
    """The tokens of a picture, by `smart_resize` of qwen-vl-utils within Lychee's bounds. width, height: pixels."""
    rows, columns = max(1, round(height / SIDE)), max(1, round(width / SIDE))
    if rows * columns > MAX_TOKENS:
        scale = math.sqrt(height * width / (MAX_TOKENS * SIDE**2))
        rows, columns = (max(1, math.floor(side / scale / SIDE)) for side in (height, width))
    elif rows * columns < MIN_TOKENS:
        scale = math.sqrt(MIN_TOKENS * SIDE**2 / (height * width))
        rows, columns = (math.ceil(side * scale / SIDE) for side in (height, width))
    return rows * columns


def _bad(name: bytes, kind: Kind, reason: str) -> PictureFacts:
    return PictureFacts(name, 0, (Fault(kind, reason),))
