"""GIF as a row of blocks (GIF89a), read as far as the first frame. Knows nothing of what is coded in it."""

from content.containers.clean import Clean
from content.errors import NotAnImage, TruncatedImage

_EXTENSION, _FRAME, _END = 0x21, 0x2C, 0x3B


def clean(data: bytes) -> Clean:
    """The size counts the first frame where it is larger than the screen. Raises TruncatedImage, NotAnImage."""
    try:
        return Clean(data, size=_size(data), still=False, cut=data[-1] != _END)
    except IndexError as error:
        raise TruncatedImage("the GIF ends before its picture begins") from error


def _size(data: bytes) -> tuple[int, int]:
    width, height, flags = _int16(data, 6), _int16(data, 8), data[10]
    position = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    while data[position] != _FRAME:
        if data[position] == _END:
            raise NotAnImage("the GIF has no picture in it")
        position = _behind_extension(data, position) if data[position] == _EXTENSION else position + 1
    right = _int16(data, position + 1) + _int16(data, position + 5)
    bottom = _int16(data, position + 3) + _int16(data, position + 7)
    return max(width, right), max(height, bottom)


def _int16(data: bytes, position: int) -> int:
    return data[position] | data[position + 1] << 8


def _behind_extension(data: bytes, position: int) -> int:
    position += 2
    while length := data[position]:
        position += 1 + length
    return position + 1
