"""The one image loader: bytes that nobody vouches for become an upright 8-bit RGB picture, or an error that says why
not. The only module that lets PIL open bytes. Knows nothing of files, URLs or JSON.

Pillow's plugins are called by name and not by way of `Image.open`: nothing is registered, and no warning filter and no
global of Pillow is touched, so any number of threads may load pictures at once.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image, _avif
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from content.containers import CLEANERS, Clean, Format, identify
from content.containers.png import bit_depth
from content.errors import InvalidInput, NotAnImage, TooLarge, TruncatedImage
from content.limits import DEFAULT_LIMITS, ImageLimits
from content.pixels import flatten, upright

logger = logging.getLogger(__name__)

_ORIENTATION: Final = 0x0112
_BITS_PER_SAMPLE: Final = 258
_PHOTOMETRIC: Final = 262
_WHITE_IS_ZERO: Final = 0
_MEDIA_TYPES: Final[Mapping[Format, str]] = {"JPEG": "image/jpeg", "PNG": "image/png", "WebP": "image/webp"}
_LOSSLESS: Final = frozenset({"PNG", "GIF", "BMP", "TIFF"})


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture beside the bytes it was read from, so that what stores it need not decode again.

    image: RGB. data: the same picture encoded, without EXIF, XMP, comments and colour profiles where the format allows
    to cut them off. media_type: of `data`, where a browser shows it as exactly `image`; else None. lossless: the
    format keeps every pixel.
    """

    image: Image.Image
    data: bytes
    media_type: str | None
    lossless: bool


def load_image(data: bytes, *, limits: ImageLimits = DEFAULT_LIMITS, param: str | None = None) -> Image.Image:
    """The picture as RGB: EXIF rotation applied, transparency laid on white, the first frame of an animation.

    data: JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or AVIF. param: the field to name in errors.
    Raises TooLarge (bytes or pixels), TruncatedImage or NotAnImage, and nothing else, whatever the bytes are.
    """
    return decode(data, limits=limits, param=param).image


def decode(data: bytes, *, limits: ImageLimits = DEFAULT_LIMITS, param: str | None = None) -> Decoded:
    """As `load_image`, with what `stored_picture` needs to know."""
    try:
        return _decode(data, limits)
    except InvalidInput as error:
        raise type(error)(error.message, param=param) from error


def _decode(data: bytes, limits: ImageLimits) -> Decoded:
    limits.check_bytes(len(data))
    name = identify(data)
    clean = CLEANERS[name](data)
    if clean.size is not None:
        limits.check_pixels(*clean.size)
    try:
        size, load = _OPENERS[name](clean.data)
        limits.check_pixels(*size)
        image = load()
        limits.check_pixels(*image.size)  # a stream may hold another size than its header
        plain = image.mode in ("RGB", "L", "P", "1") and not image.has_transparency_data
        rgb = _bare(flatten(upright(image, clean.orientation)))
    except InvalidInput:
        raise
    except MemoryError as error:
        raise TooLarge("the picture needs more memory than there is") from error
    except Exception as error:
        logger.debug("%s refused", name, exc_info=True)
        raise _refusal(name, clean, error) from error
    servable = plain and clean.still and clean.orientation == 1
    return Decoded(rgb, clean.data, _MEDIA_TYPES.get(name) if servable else None, name in _LOSSLESS)


def to_rgb(image: Image.Image) -> Image.Image:
    """A picture that somebody else opened, as this project keeps pictures: RGB, upright, transparency laid on white.

    One that is so already is returned as it is. Raises NotAnImage when its pixels cannot be read.
    """
    if type(image) is Image.Image and image.mode == "RGB" and not image.info:
        return image
    try:
        image.load()
        return _bare(flatten(upright(image, image.getexif().get(_ORIENTATION, 1))))
    except (OSError, SyntaxError, ValueError) as error:
        raise NotAnImage(f"the picture cannot be read: {error}") from error


def _bare(image: Image.Image) -> Image.Image:
    """The pixels alone: without the file they came from, and without metadata that would be applied twice."""
    bare = image.copy()
    bare.info = {}
    return bare


def _refusal(name: Format, clean: Clean, error: Exception) -> NotAnImage:
    if clean.cut or isinstance(error, EOFError) or "truncat" in str(error).lower():
        return TruncatedImage(f"the {name} ends too early: it is cut short or damaged")
    return NotAnImage(f"the {name} is damaged or of a kind that cannot be read ({error or type(error).__name__})")


# A size that is known before decoding, and what decodes.
_Opened = tuple[tuple[int, int], Callable[[], Image.Image]]


def _opened(image: ImageFile) -> _Opened:
    def load() -> Image.Image:
        image.load()
        return image

    return image.size, load


def _open_png(data: bytes) -> _Opened:
    image = PngImageFile(BytesIO(data))
    clear, top = image.info.get("transparency"), (1 << bit_depth(data)) - 1
    # Pillow brings samples to 8 bits and leaves the transparent colour in the depth of the file.
    if isinstance(clear, tuple):
        image.info["transparency"] = tuple(sample * 255 // top for sample in clear)
    elif isinstance(clear, int) and image.mode in ("1", "L"):
        image.info["transparency"] = clear * 255 // top
    return _opened(image)


def _open_tiff(data: bytes) -> _Opened:
    image = TiffImageFile(BytesIO(data))
    bits, photometric = image.tag_v2.get(_BITS_PER_SAMPLE), image.tag_v2.get(_PHOTOMETRIC)
    size, load = _opened(image)

    def load_grey() -> Image.Image:
        loaded = load()
        if not loaded.mode.startswith("I;16"):
            return loaded
        values = np.asarray(loaded).astype(np.uint16)
        if bits == (12,):
            values = np.uint16(16) * values + values // np.uint16(256)
        return Image.fromarray(np.uint16(65535) - values if photometric == _WHITE_IS_ZERO else values)

    return size, load_grey


def _open_heic(data: bytes) -> _Opened:
    from pillow_heif import HeifImageFile

    return _opened(HeifImageFile(BytesIO(data)))  # type: ignore[no-untyped-call]


def _open_avif(data: bytes) -> _Opened:
    """By the decoder below Pillow's plugin: the plugin also reads EXIF, and warns and fails where that is broken."""
    decoder = _avif.AvifDecoder(data, "auto", 1)  # one thread: those who load many pictures have threads of their own
    size, _, mode, _, _, orientation, _ = decoder.get_info()
    return size, lambda: upright(Image.frombytes(mode, size, decoder.get_frame(0)[0]), orientation)


_OPENERS: Final[Mapping[Format, Callable[[bytes], _Opened]]] = {
    "JPEG": lambda data: _opened(JpegImageFile(BytesIO(data))),
    "PNG": _open_png,
    "WebP": lambda data: _opened(WebPImageFile(BytesIO(data))),
    "GIF": lambda data: _opened(GifImageFile(BytesIO(data))),
    "BMP": lambda data: _opened(BmpImageFile(BytesIO(data))),
    "TIFF": _open_tiff,
    "HEIC": _open_heic,
    "AVIF": _open_avif,
}
