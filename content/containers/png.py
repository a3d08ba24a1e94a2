"""PNG as a row of chunks (W3C PNG, third edition, section 5). Knows nothing of what is deflated in them."""

from collections.abc import Iterator
from typing import Final

from content.containers.clean import Clean
from content.containers.exif import orientation
from content.errors import NotAnImage, TruncatedImage

_SIGNATURE_LENGTH: Final = 8
_PIXELS: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})


def clean(data: bytes) -> Clean:
    """An animated PNG becomes its default picture. Raises TruncatedImage, or NotAnImage without a proper header."""
    parts, exif = [data[:_SIGNATURE_LENGTH]], b""
    for kind, start, end in _chunks(data):
        if len(parts) == 1 and (kind != b"IHDR" or end - start != 25):
            raise NotAnImage("the PNG does not begin with a header")
        if kind in _PIXELS:
            parts.append(data[start:end])
        elif kind == b"eXIf":
            exif = data[start + 8 : end - 4]
    return Clean(b"".join(parts), orientation(exif), _size(parts[1]))


def bit_depth(data: bytes) -> int:
    """Bits of one sample, of a PNG that `clean` has passed."""
    return data[_SIGNATURE_LENGTH + 16]


def _size(header: bytes) -> tuple[int, int]:
    return int.from_bytes(header[8:12]), int.from_bytes(header[12:16])


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each chunk up to IEND."""
    start, kind = _SIGNATURE_LENGTH, b""
    while kind != b"IEND":
        end = start + 12 + int.from_bytes(data[start : start + 4])
        kind = data[start + 4 : start + 8]
        if start + 8 > len(data) or end > len(data):
            raise TruncatedImage("the PNG ends too early: it is cut short or damaged")
        yield kind, start, end
        start = end
