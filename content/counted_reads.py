"""Bytes that may be read in so many steps only. Knows nothing of pictures."""

from io import BytesIO
from typing import Final

from content.errors import TooLarge

MOST_READS: Final = 500_000  # 20 MiB of PNG in chunks of 1 KiB take 80,000, of GIF comments in full blocks 165,000


class CountedReads(BytesIO):
    """What Pillow parses in Python it reads in steps of some bytes. Millions of padding bytes, chunks or blocks that
    hold nothing are millions of steps: seconds, before anything is decoded. Raises TooLarge instead."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._left = MOST_READS

    def read(self, size: int | None = -1, /) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise TooLarge("the picture is in millions of pieces, of some bytes each; save it anew")
        return super().read(size)
