"""From the picture of a record to what is encoded and what is stored, with a bound on the memory of decoding. Knows
nothing of records or items."""

import ctypes
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from PIL import Image

from content.errors import TooManyPixels
from content.images import Decoded, decode, to_rgb
from content.limits import DEFAULT_LIMITS, ImageLimits
from content.stored import MAX_PIXELS, fit, stored_picture
from indexer.item import Picture
from indexer.record import RawImage

MOST_PIXELS: Final = 4_000_000  # of a picture that is only looked at: more than any model sees
# While it is decoded a picture takes up to 13 bytes a pixel. Up to the first size eight may be decoded at a time, then
# four, then one. A size is found out by a limit that fails before anything is decoded.
_SLOTS: Final = 8
_TIERS: Final = ((4_000_000, 1), (16_000_000, 2))  # pixels, and the slots that so large a picture takes

Used = TypeVar("Used")


class PictureReader:
    """Decodes pictures on any number of threads; a large one waits until there is room for it."""

    def __init__(self, limits: ImageLimits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._changed = threading.Condition()
        self._line: deque[object] = deque()
        self._free = _SLOTS

    def read(self, raw: RawImage) -> tuple[Image.Image, Picture]:
        """The picture to encode, RGB and of at most about a million pixels, and the same as it is stored.

        Raises NotAnImage, TruncatedImage or TooLarge.
        """
        return self._decoded(raw, "image", _small) if isinstance(raw, bytes) else self._rendered(raw())

    def look(self, data: bytes, *, param: str) -> Image.Image:
        """The picture for a model that is asked about it: RGB, at most `MOST_PIXELS` of it. param: the field to name.

        Raises as `read`.
        """
        return self._decoded(data, param, lambda decoded: _scaled(decoded.image, MOST_PIXELS))

    def _decoded(self, data: bytes, param: str, use: Callable[[Decoded], Used]) -> Used:
        self._limits.check_bytes(len(data), param)
        least = 0  # of the pixels it has, as far as that is known
        for pixels, slots in _TIERS:
            if pixels >= self._limits.max_pixels or pixels < least:
                continue
            try:
                return self._decoded_within(pixels, slots, data, param, use)
            except TooManyPixels as error:
                least = error.pixels
        return self._decoded_within(self._limits.max_pixels, _SLOTS, data, param, use)

    def _decoded_within(self, pixels: int, slots: int, data: bytes, param: str, use: Callable[[Decoded], Used]) -> Used:
        with self._taken(slots):
            return use(decode(data, limits=ImageLimits(self._limits.max_bytes, pixels), param=param))

    def _rendered(self, image: Image.Image) -> tuple[Image.Image, Picture]:
        image = scaled(to_rgb(image))
        return image, Picture(*stored_picture(image))

    @contextmanager
    def _taken(self, slots: int) -> Iterator[None]:
        turn = object()
        with self._changed:
            self._line.append(turn)  # or a large one would never find all slots free while small ones come
            self._changed.wait_for(lambda: self._line[0] is turn and self._free >= slots)
            self._line.popleft()
            self._free -= slots
            self._changed.notify_all()
        try:
            yield
        finally:
            if slots > 1:
                _return_memory()
            with self._changed:
                self._free += slots
                self._changed.notify_all()


def scaled(image: Image.Image) -> Image.Image:
    """No larger than what is stored: so what waits for the encoder is bounded too."""
    return _scaled(image, MAX_PIXELS)


def _scaled(image: Image.Image, pixels: int) -> Image.Image:
    size = fit(image.size, pixels)
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _small(decoded: Decoded) -> tuple[Image.Image, Picture]:
    image = scaled(decoded.image)
    return image, Picture(*stored_picture(decoded if image is decoded.image else image))


def _return_memory() -> None:
    """glibc keeps what a thread has freed for that thread alone: after a large picture, hundreds of megabytes each."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
