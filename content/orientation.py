"""Which way up a picture is to be shown, by its EXIF or XMP. Reads the one tag it needs and nothing that a block merely
points at: a few kilobytes can point at gigabytes. Knows nothing of pixels."""

import re
import struct
from collections.abc import Mapping
from typing import Any, Final

from PIL import Image

_TAG: Final = 0x0112
# TIFF 6.0, section 2; the last two are wrong, and written by some cameras all the same.
_ORDERS: Final = {b"II*\0": "<", b"MM\0*": ">", b"II\0*": "<", b"MM*\0": ">"}
_NUMBERS: Final = {3: ("H", 2), 4: ("L", 1)}  # type -> what it is to struct, and how many of it fit into an entry
_PREFIX: Final = re.compile(rb"(?:Exif\0\0){0,2}")  # some writers put it there twice
_XMP: Final = re.compile(rb'tiff:Orientation(?:="|>)([0-9])')
_TURNED: Final = frozenset({"TIFF", "HEIF"})  # by Pillow and pillow_heif, as they decode
# Pillow writes the container's own turn into EXIF, and that alone counts: XMP may be older than the picture.
_BY_CONTAINER: Final = frozenset({"AVIF"})


def orientation(image: Image.Image) -> int:
    """The EXIF value of a loaded picture, else that of its XMP; 1 (upright) where there is none, or where metadata are
    broken, which must not cost a good picture. May be a number that means nothing."""
    if image.format in _TURNED:
        return 1
    found = in_exif(_exif(image.info))
    if found is None and image.format not in _BY_CONTAINER:
        found = _in_xmp(image.info)
    return 1 if found is None else found


def in_exif(block: bytes) -> int | None:
    """Of the first directory of EXIF, with or without its prefix; None where it says nothing, however broken it is."""
    start = 0 if (prefix := _PREFIX.match(block)) is None else prefix.end()
    order = _ORDERS.get(block[start : start + 4])
    if order is None:
        return None
    try:
        place = start + struct.unpack_from(order + "L", block, start + 4)[0]
        (count,) = struct.unpack_from(order + "H", block, place)
        for entry in range(place + 2, place + 2 + 12 * count, 12):
            tag, kind, values = struct.unpack_from(order + "HHL", block, entry)
            if tag == _TAG and kind in _NUMBERS and 1 <= values <= _NUMBERS[kind][1]:
                return int(struct.unpack_from(order + _NUMBERS[kind][0], block, entry + 8)[0])
    except struct.error:  # the block ends before its directory does
        return None
    return None


def _exif(info: Mapping[Any, Any]) -> bytes:
    """A PNG may hold it as text: two lines of heading, and hexadecimal digits."""
    block, text = info.get("exif"), info.get("Raw profile type exif")
    if block is None and isinstance(text, str):
        try:
            block = bytes.fromhex("".join(text.split("\n")[3:]))
        except ValueError:
            return b""
    return block if isinstance(block, bytes) else b""


def _in_xmp(info: Mapping[Any, Any]) -> int | None:
    packet = info.get("XML:com.adobe.xmp") or info.get("xmp")
    if isinstance(packet, str):
        packet = packet.encode(errors="replace")
    found = _XMP.search(packet) if isinstance(packet, bytes) else None
    return None if found is None else int(found[1])
