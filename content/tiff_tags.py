"""What the tags of a TIFF would cost to read, told without reading them. Knows nothing of pixels."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from content.errors import TooLarge

MOST_FRACTIONS: Final = 100_000  # cameras and scanners write some tens
_MOST_TAGS: Final = 100_000
_MOST_DIRECTORIES: Final = 10
# TIFF 6.0, section 2, and BigTIFF: the bytes of each type; which are fractions, and which whole numbers; the tags that
# point at further directories.
_BYTES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}
_FRACTIONS: Final = (5, 10)
_NUMBERS: Final = {3: "H", 4: "L", 6: "b", 8: "h", 9: "l", 13: "L", 16: "Q"}
_DIRECTORIES: Final = frozenset({34665, 34853, 40965})  # EXIF, GPS, interoperability


@dataclass(frozen=True, slots=True)
class _Tag:
    """count: of its values. elsewhere: their bytes, if they do not stand in the tag itself and the file has as many.
    points_at: the place of a directory, or 0."""

    kind: int
    count: int
    elsewhere: int
    points_at: int


def check_tags(data: bytes) -> None:
    """Pillow makes an object of each fraction: without a limit 20 MiB of resolution take seconds. Pillow 12 also copies
    what each tag points at, and a thousand tags may point at the same 20 MiB. Raises TooLarge; bytes that are no TIFF,
    or a broken one, pass."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or not {42, 43}.intersection(data[2:4]):
        return
    fractions = elsewhere = 0
    for tags, tag in enumerate(_tags(data, order, big=data[2] == 43)):  # Pillow reads big-endian BigTIFF as the other
        fractions += tag.count if tag.kind in _FRACTIONS else 0
        elsewhere += tag.elsewhere
        if fractions > MOST_FRACTIONS or tags > _MOST_TAGS:
            raise TooLarge(f"the TIFF has more than {MOST_FRACTIONS:,} fractions among its tags, or tags; save it anew")
        if elsewhere > len(data):
            raise TooLarge("the tags of the TIFF claim more bytes than the file has; save it anew")


def _tags(data: bytes, order: str, *, big: bool) -> Iterator[_Tag]:
    """Of the first picture, and of the directories that it points at."""
    waiting, seen = (
        [struct.unpack_from(order + ("Q" if big else "L"), data.ljust(16, b"\0"), 8 if big else 4)[0]],
        set(),
    )
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        if len(seen) > _MOST_DIRECTORIES:
            raise TooLarge(f"the TIFF has more than {_MOST_DIRECTORIES} directories of EXIF; save it anew")
        for tag in _directory(data, place, order, big=big):
            yield tag
            waiting += [tag.points_at] if tag.points_at else []


def _directory(data: bytes, place: int, order: str, *, big: bool) -> Iterator[_Tag]:
    """As far as the file goes: Pillow says so where that is not far enough."""
    number, entry, address = (order + each for each in (("Q", "HHQ", "Q") if big else ("H", "HHL", "L")))
    head, room = struct.calcsize(entry), struct.calcsize(address)
    begin = place + struct.calcsize(number)
    if begin > len(data):
        return
    (count,) = struct.unpack_from(number, data, place)
    for at in range(begin, min(begin + count * (head + room), len(data) - head - room + 1), head + room):
        tag, kind, values = struct.unpack_from(entry, data, at)
        value, size = at + head, values * _BYTES.get(kind, 0)
        if size > room:
            (value,) = struct.unpack_from(address, data, value)
        there = size > 0 and value + size <= len(data)
        points = there and tag in _DIRECTORIES and kind in _NUMBERS
        yield _Tag(
            kind=kind,
            count=values,
            elsewhere=size if there and size > room else 0,
            points_at=max(0, struct.unpack_from(order + _NUMBERS[kind], data, value)[0]) if points else 0,
        )
