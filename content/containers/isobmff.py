"""HEIC and AVIF as a row of boxes (ISO/IEC 14496-12), seen from outside. Knows nothing of what is in a box."""

import re
from typing import Final

from content.containers.clean import Clean

# ImageSpatialExtentsProperty (ISO/IEC 23008-12, 6.5.3): length 20, name, version and flags 0, width, height
_EXTENTS: Final = re.compile(rb"\0\0\0\x14ispe\0{4}(.{4})(.{4})", re.DOTALL)
_SEARCHED_BYTES: Final = 1 << 20  # properties stand before the coded pictures


def clean(data: bytes) -> Clean:
    """The bytes as they are: the libraries that decode them read the header apart and apply rotation themselves."""
    return Clean(data, size=_largest(data), still=False, cut=_is_cut(data))


def brands(data: bytes) -> list[bytes]:
    """The brands of the `ftyp` box, the major one first; none when the bytes do not begin with such a box."""
    if data[4:8] != b"ftyp":
        return []
    box = data[8 : min(int.from_bytes(data[:4]), 256)]
    return [box[:4], *(box[i : i + 4] for i in range(8, len(box) - 3, 4))]


def _largest(data: bytes) -> tuple[int, int] | None:
    """The size of the largest picture in the file, which is the whole one: thumbnails and tiles are smaller."""
    sizes = [(int.from_bytes(w), int.from_bytes(h)) for w, h in _EXTENTS.findall(data, 0, _SEARCHED_BYTES)]
    return max(sizes, key=lambda size: size[0] * size[1], default=None)


def _is_cut(data: bytes) -> bool:
    position = 0
    while position < len(data):
        size = int.from_bytes(data[position : position + 4])
        if size == 1:
            size = int.from_bytes(data[position + 8 : position + 16])
        elif size == 0:  # the box goes to the end
            return False
        position += max(size, 8)
    return position > len(data)
