"""WebP as a RIFF file of chunks (RFC 9649). Knows nothing of what is coded in them."""

from typing import Final

from content.containers.clean import Clean
from content.containers.exif import orientation
from content.errors import NotAnImage, TruncatedImage

_PIXELS: Final = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"})
_METADATA_FLAGS: Final = 0x20 | 0x08 | 0x04  # of VP8X: a colour profile, EXIF, XMP
_ANIMATION_FLAG: Final = 0x02


def clean(data: bytes) -> Clean:
    """Raises TruncatedImage when the file is shorter than it says, NotAnImage when it holds no picture."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise TruncatedImage("the WebP ends too early: it is cut short or damaged")
    parts, exif, size, still, position = [], b"", None, True, 12
    while position + 8 <= end:
        kind = data[position : position + 4]
        length = int.from_bytes(data[position + 4 : position + 8], "little")
        chunk = data[position : position + 8 + length + length % 2]
        size = size or _size(kind, chunk[8:])
        if kind == b"EXIF":
            exif = chunk[8 : 8 + length]
        elif kind == b"VP8X" and length >= 10:
            still = not chunk[8] & _ANIMATION_FLAG
            chunk = chunk[:8] + bytes([chunk[8] & ~_METADATA_FLAGS]) + chunk[9:]
        if kind in _PIXELS:
            parts.append(chunk)
        position += len(chunk) or 8
    if size is None:
        raise NotAnImage("the WebP has no picture in it")
    body = b"WEBP" + b"".join(parts)
    return Clean(b"RIFF" + len(body).to_bytes(4, "little") + body, orientation(exif), size, still)


def _size(kind: bytes, payload: bytes) -> tuple[int, int] | None:
    """Width and height as the first chunk of pixels, or the canvas before it, gives them."""
    if kind == b"VP8X" and len(payload) >= 10:
        return int.from_bytes(payload[4:7], "little") + 1, int.from_bytes(payload[7:10], "little") + 1
    if kind == b"VP8 " and len(payload) >= 10:
        return int.from_bytes(payload[6:8], "little") & 0x3FFF, int.from_bytes(payload[8:10], "little") & 0x3FFF
    if kind == b"VP8L" and len(payload) >= 5:
        bits = int.from_bytes(payload[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None
