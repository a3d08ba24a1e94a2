"""A file without the notes in it that take Pillow 12 longer than its picture does. Knows nothing of pixels."""

import re
from typing import Final

from content.counted_reads import MOST_READS
from content.errors import TooLarge

# GIF89a, 17 to 26: what begins an extension, a frame or the end; the label of comments; and how long animations loop.
_BEGIN: Final = re.compile(rb"[!,;]")
_EXTENSION: Final = ord("!")
_COMMENT: Final = b"\xfe"
_LOOP: Final = re.compile(rb"\xff[\x0b-\xff]NETSCAPE2\.0")
_MOST_BLOCKS: Final = MOST_READS // 2  # Pillow reads each in two steps
# ISO/IEC 14496-12, 8.11.6.2: the type stands 8 or 10 bytes behind the name of its box.
_EXIF_ITEM: Final = re.compile(rb"Exif(?:(?<=infe.{8}Exif)|(?<=infe.{10}Exif))", re.DOTALL)


def without_notes(data: bytes) -> bytes:
    """A GIF without the comments before its first frame, which Pillow 12 joins one by one; AVIF and HEIF without EXIF,
    of which it reads every tag, and which says nothing of how they are to be turned. Other bytes as they are.

    Raises TooLarge where a GIF has millions of blocks.
    """
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _without_comments(data)
    if data[4:8] == b"ftyp":
        return _EXIF_ITEM.sub(b"skip", data)
    return data


def _without_comments(data: bytes) -> bytes:
    kept, begin, left = [], 0, _MOST_BLOCKS
    place = 13 + (3 << ((data[10] & 7) + 1) if data[10:11] >= b"\x80" else 0)  # behind the palette
    while (found := _BEGIN.search(data, place)) is not None and data[found.start()] == _EXTENSION:
        place, blocks = _behind(data, found.end(), left)
        left -= blocks
        if data.startswith(_COMMENT, found.end()):
            kept.append(data[begin : found.start()])
            begin = place
    return b"".join([*kept, data[begin:]]) if kept else data


def _behind(data: bytes, label: int, most: int) -> tuple[int, int]:
    """Where Pillow takes an extension to end, and how many blocks it has. label: its place. An empty block ends it, but
    for the first of what is no comment, and the second of a loop's."""
    certain = 0 if data.startswith(_COMMENT, label) else 2 if _LOOP.match(data, label) else 1
    place, blocks = label + 1, 0
    while place < len(data):
        length, blocks = data[place], blocks + 1
        if blocks > most:
            raise TooLarge("the GIF is in millions of pieces, of some bytes each; save it anew")
        place += 1 + length
        if length == 0 and blocks > certain:
            break
    return place, blocks
