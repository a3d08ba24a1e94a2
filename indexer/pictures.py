"""From the picture of a record to what is encoded and what is stored, with a bound on the memory of decoding. Knows
nothing of records or items."""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PIL import Image

from content.errors import TooLarge
from content.images import Decoded, decode, to_rgb
from content.limits import DEFAULT_LIMITS, ImageLimits
from content.stored import MAX_PIXELS, fit, stored_picture
from indexer.item import Picture
from indexer.record import RawImage

# While it is decoded a picture takes up to 13 bytes a pixel. Up to the first size any number may be decoded at a time,
# then four, then one. A size is found out by a limit that fails before anything is decoded.
_SLOTS: Final = 4
_SMALL, _MIDDLING = 4_000_000, 16_000_000  # pixels


class PictureReader:
    """Decodes pictures on any number of threads; a large one waits until there is room for it."""

    def __init__(self, limits: ImageLimits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._changed = threading.Condition()
        self._free = _SLOTS

    def read(self, raw: RawImage) -> tuple[Image.Image, Picture]:
        """The picture to encode, RGB and of at most about a million pixels, and the same as it is stored.

        Raises NotAnImage, TruncatedImage or TooLarge.
        """
        return self._decoded(raw) if isinstance(raw, bytes) else self._rendered(raw())

    def _decoded(self, data: bytes) -> tuple[Image.Image, Picture]:
        self._limits.check_bytes(len(data), "image")
        for pixels, slots in ((_SMALL, 0), (_MIDDLING, 1)):
            if pixels >= self._limits.max_pixels:
                break
            try:
                return self._decoded_within(pixels, slots, data)
            except TooLarge:
                continue
        return self._decoded_within(self._limits.max_pixels, _SLOTS, data)

    def _decoded_within(self, pixels: int, slots: int, data: bytes) -> tuple[Image.Image, Picture]:
        with self._taken(slots):
            return _small(decode(data, limits=ImageLimits(self._limits.max_bytes, pixels), param="image"))

    def _rendered(self, image: Image.Image) -> tuple[Image.Image, Picture]:
        image = scaled(to_rgb(image))
        return image, Picture(*stored_picture(image))

    @contextmanager
    def _taken(self, slots: int) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: self._free >= slots)
            self._free -= slots
        try:
            yield
        finally:
            if slots:
                _return_memory()
            with self._changed:
                self._free += slots
                self._changed.notify_all()


def scaled(image: Image.Image) -> Image.Image:
    """No larger than what is stored: so what waits for the encoder is bounded too."""
    size = fit(image.size, MAX_PIXELS)
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _small(decoded: Decoded) -> tuple[Image.Image, Picture]:
    image = scaled(decoded.image)
    return image, Picture(*stored_picture(decoded if image is decoded.image else image))


def _return_memory() -> None:
    """glibc keeps what a thread has freed for that thread alone: after a large picture, hundreds of megabytes each."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
