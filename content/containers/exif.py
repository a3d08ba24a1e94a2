"""The one thing of EXIF that matters here: which way is up. Reads no other tag, and follows no offset but the first."""

import struct
from typing import Final

_ORIENTATION: Final = 0x0112
_VALUE_FORMATS: Final = {1: "B", 3: "H", 4: "L"}  # BYTE, SHORT, LONG


def orientation(exif: bytes) -> int:
    """The orientation 1-8 that an EXIF block (TIFF structure, with or without `Exif\\0\\0` before it) gives; 1 when it
    gives none or is broken, for a broken block must not cost a good picture."""
    block = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(order + "L", block, 4)
        (count,) = struct.unpack_from(order + "H", block, start)
        for position in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind, _, value = struct.unpack_from(order + "HHL4s", block, position)
            if tag == _ORIENTATION and kind in _VALUE_FORMATS:
                (found,) = struct.unpack_from(order + _VALUE_FORMATS[kind], value)
                return found if 1 <= found <= 8 else 1
    except struct.error:
        return 1
    return 1
