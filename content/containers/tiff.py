"""TIFF and BigTIFF as one directory of tags (TIFF 6.0), kept to those that pixels need. Knows nothing of codecs."""

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np

from content.containers.clean import Clean
from content.errors import NotAnImage, TruncatedImage

_WIDTH, _LENGTH, _SAMPLES, _TILE_WIDTH, _TILE_LENGTH = 256, 257, 277, 322, 323
_OFFSETS_AND_COUNTS: Final = ((273, 279), (324, 325))  # of strips, of tiles
_SINGLE: Final = frozenset({256, 257, 259, 262, 266, 274, 277, 278, 284, 292, 293, 317, 322, 323, 531})
_LISTS: Final = frozenset({258, 273, 279, 320, 324, 325, 338, 339, 347, 529, 530, 532, *range(512, 522)})
_TYPE_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 16: 8}
_INTEGERS: Final = {1: "u1", 3: "u2", 4: "u4", 16: "u8"}
_MOST_TILE_PIXELS: Final = 1 << 26
_MOST_SAMPLES: Final = 6


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a directory is written: byte order, format codes of `struct`, bytes of an entry's value field."""

    order: str
    count: str
    entry: str
    offset: str
    inline: int


_LAYOUTS: Final = {
    b"II*\0": _Layout("<", "<H", "<HHL4s", "<L", 4),
    b"MM\0*": _Layout(">", ">H", ">HHL4s", ">L", 4),
    b"II+\0": _Layout("<", "<Q", "<HHQ8s", "<Q", 8),
    b"MM\0+": _Layout(">", ">Q", ">HHQ8s", ">Q", 8),
}


@dataclass(frozen=True, slots=True)
class _Tag:
    """kind, count: as in the file. field: the value, or its offset. value: the value's bytes."""

    kind: int
    count: int
    field: bytes
    value: bytes

    def integers(self, layout: _Layout) -> list[int]:
        code = _INTEGERS.get(self.kind)
        return [] if code is None else np.frombuffer(self.value, layout.order + code).tolist()


def clean(data: bytes) -> Clean:
    """The first page alone, without EXIF, profiles and thumbnails. Pillow applies the orientation itself.

    Raises TruncatedImage, or NotAnImage when the tags contradict the file.
    """
    layout = _LAYOUTS[data[:4]]
    try:
        (start,) = struct.unpack_from(layout.offset, data, layout.inline)
        (count,) = struct.unpack_from(layout.count, data, start)
        tags = _tags(data, layout, start + struct.calcsize(layout.count), count)
    except (struct.error, OverflowError) as error:
        raise TruncatedImage("the TIFF ends before its list of tags ends: it is cut short or damaged") from error
    if sum(len(tag.value) for tag in tags.values()) > len(data):
        raise NotAnImage("the TIFF is damaged: its tags overlap")
    if _SAMPLES in tags and tags[_SAMPLES].integers(layout) > [_MOST_SAMPLES]:
        raise NotAnImage(f"the TIFF has more than {_MOST_SAMPLES} samples a pixel, which are not read")
    size = _dimensions(tags, layout, _WIDTH, _LENGTH)
    width, length = _dimensions(tags, layout, _TILE_WIDTH, _TILE_LENGTH) or (0, 0)
    if width * length > _MOST_TILE_PIXELS:
        raise NotAnImage(f"the TIFF is made of tiles of {width:,} x {length:,} pixels, which are too large to read")
    return Clean(_rewritten(data, layout, start, tags), size=size, still=False, cut=_is_cut(data, layout, tags))


def _tags(data: bytes, layout: _Layout, position: int, count: int) -> dict[int, _Tag]:
    tags: dict[int, _Tag] = {}
    width = struct.calcsize(layout.entry)
    for entry in range(position, position + count * width, width):
        number, kind, length, field = struct.unpack_from(layout.entry, data, entry)
        if number in tags or length == 0 or kind not in _TYPE_SIZES or number not in _SINGLE | _LISTS:
            continue
        tags[number] = _tag(data, layout, kind, 1 if number in _SINGLE else length, length, field)
    return tags


def _tag(data: bytes, layout: _Layout, kind: int, count: int, stored: int, field: bytes) -> _Tag:
    """stored: how many values the file holds, of which the first `count` are wanted."""
    value = field
    if stored * _TYPE_SIZES[kind] > layout.inline:
        (offset,) = struct.unpack(layout.offset, field)
        if offset + count * _TYPE_SIZES[kind] > len(data):
            raise TruncatedImage("the TIFF ends before its tags end: it is cut short or damaged")
        value = data[offset : offset + count * _TYPE_SIZES[kind]]
    value = value[: count * _TYPE_SIZES[kind]]
    return _Tag(kind, count, value.ljust(layout.inline, b"\0") if len(value) <= layout.inline else field, value)


def _dimensions(tags: dict[int, _Tag], layout: _Layout, width: int, length: int) -> tuple[int, int] | None:
    values = [number for tag in (width, length) if tag in tags for number in tags[tag].integers(layout)]
    return (values[0], values[1]) if len(values) == 2 else None


def _rewritten(data: bytes, layout: _Layout, start: int, tags: dict[int, _Tag]) -> bytes:
    """The file with `tags` as its only directory, written over the one that was there, which was not shorter."""
    directory = struct.pack(layout.count, len(tags)) + b"".join(
        struct.pack(layout.entry, number, tag.kind, tag.count, tag.field) for number, tag in tags.items()
    )
    directory += struct.pack(layout.offset, 0)  # no further page
    return b"".join((data[:start], directory, data[start + len(directory) :]))


def _is_cut(data: bytes, layout: _Layout, tags: dict[int, _Tag]) -> bool:
    for offsets, counts in _OFFSETS_AND_COUNTS:
        if offsets in tags:
            starts = tags[offsets].integers(layout)
            lengths = tags[counts].integers(layout) if counts in tags else []
            lengths += [0] * (len(starts) - len(lengths))
            return any(start + length > len(data) for start, length in zip(starts, lengths, strict=False))
    return False
