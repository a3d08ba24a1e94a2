"""What the chunks of a PNG tell before its pixels, read without decoding it. Knows nothing of pixels."""

import struct
from typing import Final

from content.counted_reads import MOST_READS
from content.errors import TooLarge
from content.limits import ImageLimits

MOST_COMPRESSED: Final = 300  # colour profiles and texts, each of which may become a megabyte
_COMPRESSED: Final = (b"iCCP", b"zTXt", b"iTXt")
_START: Final = b"\x89PNG\r\n\x1a\n"
_ENDS: Final = frozenset({b"IDAT", b"fdAT", b"IEND"})
_MOST_CHUNKS: Final = MOST_READS // 2  # Pillow reads each in two or three steps
_MOST_COLOURS: Final = 1 << 16  # bytes of cHRM: it has 32, and Pillow 12 makes a number of every four


def check_chunks(data: bytes, limits: ImageLimits) -> None:
    """Pillow 12 fills a canvas as it opens an animation, before it can be asked for the size. Raises TooLarge, or
    NotAnImage for a picture without any pixel; bytes that are no PNG, or a broken one, pass."""
    if not data.startswith(_START):
        return
    if sum(data.count(kind) for kind in _COMPRESSED) > MOST_COMPRESSED:
        raise TooLarge(f"the PNG has more than {MOST_COMPRESSED} colour profiles and texts; save it anew")
    place = len(_START)
    for _ in range(_MOST_CHUNKS):
        length, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if len(kind) < 4 or kind in _ENDS:
            return
        if kind == b"IHDR" and place + 16 <= len(data):
            limits.check_pixels(*struct.unpack_from(">LL", data, place + 8))  # of each: Pillow believes the last
        if kind == b"cHRM" and length > _MOST_COLOURS:
            raise TooLarge("the PNG has more colours of reference than any has; save it anew")
        place += 12 + length
    raise TooLarge("the PNG is in millions of pieces, of some bytes each; save it anew")
