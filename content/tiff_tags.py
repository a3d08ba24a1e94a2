"""How many fractions a TIFF has among its tags, told without making them. Knows nothing of pixels."""

import struct
from typing import Final

from content.errors import TooLarge

MOST_FRACTIONS: Final = 100_000  # cameras and scanners write some tens
# TIFF 6.0, section 2, and BigTIFF: the types of a fraction; the tags that point at further directories; whole numbers.
_FRACTIONS: Final = (5, 10)
_DIRECTORIES: Final = frozenset({34665, 34853, 40965})  # EXIF, GPS, interoperability
_NUMBERS: Final = {3: "H", 4: "L", 8: "h", 9: "l", 13: "L", 16: "Q"}
_MOST_DIRECTORIES: Final = 10


def check_tags(data: bytes) -> None:
    """Pillow makes an object of each fraction: without a limit 20 MiB of resolution take seconds. Raises TooLarge;
    bytes that are no TIFF, or a broken one, pass."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or not {42, 43}.intersection(data[2:4]):
        return
    try:
        _check(data, order, big=data[2] == 43)
    except (struct.error, IndexError):
        return  # a directory or value behind the end: Pillow says so


def _check(data: bytes, order: str, *, big: bool) -> None:
    number, entry, room = ("Q", "HHQ", 8) if big else ("H", "HHL", 4)
    address = order + ("Q" if big else "L")
    waiting, seen, fractions = list(struct.unpack_from(address, data, 8 if big else 4)), set[int](), 0
    while waiting and len(seen) < _MOST_DIRECTORIES:
        place = waiting.pop()
        seen.add(place)
        (count,) = struct.unpack_from(order + number, data, place)
        place += struct.calcsize(order + number)
        for _ in range(count):
            if place + struct.calcsize(order + entry) + room > len(data):
                break
            tag, kind, values = struct.unpack_from(order + entry, data, place)
            value = place + struct.calcsize(order + entry)
            place = value + room
            fractions += values if kind in _FRACTIONS else 0
            if fractions > MOST_FRACTIONS:
                raise TooLarge(f"the TIFF has more than {MOST_FRACTIONS:,} fractions among its tags; save it anew")
            if tag in _DIRECTORIES and kind in _NUMBERS:
                if struct.calcsize(order + _NUMBERS[kind]) > room:
                    (value,) = struct.unpack_from(address, data, value)
                found = struct.unpack_from(order + _NUMBERS[kind], data, value)[0]
                waiting += [found] if 0 < found < len(data) and found not in seen else []
