"""JPEG as a row of marker segments (ITU-T T.81, annex B). Knows nothing of what is coded in the scans."""

from typing import Final

from content.containers.clean import Clean
from content.containers.exif import orientation
from content.errors import NotAnImage, TruncatedImage

_SCAN: Final = 0xDA
_END: Final = 0xD9
_WITHOUT_LENGTH: Final = frozenset({0x00, 0x01, *range(0xD0, 0xD9)})
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# All application segments but JFIF (APP0) and Adobe (APP14, which says how colours are coded), and comments.
_METADATA: Final = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})


def clean(data: bytes) -> Clean:
    """Raises TruncatedImage when no scan begins before the bytes end."""
    parts, exif, still, size = [data[:2]], b"", True, None
    position = 2
    while True:
        position, marker, end = _segment(data, position)
        segment = data[position:end]
        if marker == _SCAN:
            break
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            exif += segment[10:]  # a long block goes on in the next segments
        elif marker == 0xE2 and segment[4:8] == b"MPF\0":
            still = False
        elif marker in _FRAMES and len(segment) >= 9:
            size = int.from_bytes(segment[7:9]), int.from_bytes(segment[5:7])
        if marker not in _METADATA:
            parts.append(segment)
        position = end
    parts.append(data[position:])
    ended = data.endswith(b"\xff\xd9")  # otherwise there may be more behind the picture, such as a film
    return Clean(b"".join(parts), orientation(exif), size, still and ended, cut=b"\xff\xd9" not in data[position:])


def _segment(data: bytes, position: int) -> tuple[int, int, int]:
    """Start, marker and end of the first segment at or behind `position`; bytes that belong to none are passed over."""
    while True:
        position = data.find(b"\xff", position)
        if position < 0 or position + 4 > len(data):
            raise TruncatedImage("the JPEG ends before its picture begins")
        marker = data[position + 1]
        if marker == _END:
            raise NotAnImage("the JPEG has no picture in it")
        if marker == 0xFF:
            position += 1
        elif marker in _WITHOUT_LENGTH:
            position += 2
        else:
            break
    end = position + 2 + max(2, int.from_bytes(data[position + 2 : position + 4]))
    if end > len(data):
        raise TruncatedImage("the JPEG ends before its picture begins")
    return position, marker, end
