"""The one image loader: bytes that nobody vouches for become an upright 8-bit RGB picture, or an error that says why
not. The only module that lets PIL open bytes. Knows nothing of files, URLs or JSON."""

import logging
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from PIL import Image, ImageFile, UnidentifiedImageError

from content.counted_reads import CountedReads
from content.errors import InvalidInput, NotAnImage, TooLarge
from content.jpeg_scans import check_scans
from content.limits import DEFAULT_LIMITS, ImageLimits
from content.notes import without_notes
from content.orientation import orientation
from content.pixels import flatten, upright
from content.plain_jpeg import START as JPEG_START
from content.plain_jpeg import PlainJpeg
from content.png_chunks import check_chunks
from content.refusals import refusal
from content.tiff_tags import check_tags

logger = logging.getLogger(__name__)

_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
# TIFF 6.0, sections 8 and 15
_TIFF_BITS, _TIFF_PHOTOMETRIC, _TIFF_TILE_SIZE, _WHITE_IS_ZERO = 258, 262, (322, 323), 0
_MOST_RUN_PIXELS: Final = 8_000_000  # of a run-length coded BMP, which Pillow decodes in Python
_MOST_RUN_COLUMNS: Final = 100_000  # Pillow 12 writes up to 255 rows at once, however few there are
_LOSSLESS: Final = frozenset({"PNG", "GIF", "BMP", "TIFF"})
_MEDIA_TYPES: Final[Mapping[str | None, str]] = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
# What Pillow notes of a picture about its coding alone; anything else, such as EXIF or a comment, tells more than that.
_CODING: Final = {
    *("jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "adobe", "adobe_transform"),
    *("progressive", "progression", "gamma", "srgb", "chromaticity", "aspect", "interlace"),
    *("loop", "background", "timestamp", "duration"),
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture beside the bytes it was read from, so that what stores it need not encode it again.

    image: RGB. data: the bytes. media_type: of `data`, where a browser shows them as exactly `image` and they hold no
    EXIF, XMP, comment or colour profile; else None. lossless: the format keeps every pixel.
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
        limits.check_bytes(len(data))
        check_scans(data)
        check_tags(data)
        check_chunks(data, limits)
        return _decode(data, limits)
    except InvalidInput as error:
        error.param = param
        raise
    except Exception as error:  # whatever comes to a codec's mind over hostile bytes
        logger.debug("picture refused", exc_info=True)
        raise refusal(data, error, param) from error


def to_rgb(image: Image.Image) -> Image.Image:
    """A picture that somebody else opened, as this project keeps pictures: RGB, upright, transparency laid on white.

    One that is so already is returned as it is. Raises NotAnImage when its pixels cannot be read.
    """
    if type(image) is Image.Image and image.mode == "RGB" and not image.info:
        return image
    try:
        image.load()
        return _rgb(image)
    except (OSError, SyntaxError, ValueError) as error:
        raise NotAnImage(f"the picture cannot be read: {error}") from error


@cache
def _set_up_pillow() -> None:
    """At the first picture and not at import. Twice does no harm, should two threads come at once."""
    from pillow_heif import register_heif_opener

    register_heif_opener()
    # Our own limit is checked before anything is decoded; Pillow's would warn and raise at a figure of its own.
    Image.MAX_IMAGE_PIXELS = None


def _decode(data: bytes, limits: ImageLimits) -> Decoded:
    _set_up_pillow()
    with _opened(without_notes(data)) as image:
        limits.check_pixels(*image.size)
        _check_runs(image)
        tags = getattr(image, "tag_v2", {})
        limits.check_pixels(*(tags.get(tag, 1) for tag in _TIFF_TILE_SIZE))  # a tile may be larger than its picture
        image.load()
        limits.check_pixels(*image.size)  # a stream may hold another size than its header
        media_type = _MEDIA_TYPES.get(image.format)
        if media_type and not _is_bare(image):  # of other formats not asked: to count frames is to read the whole file
            media_type = None
        return Decoded(_rgb(_mended(image, data)), data, media_type, image.format in _LOSSLESS)


def _opened(data: bytes) -> ImageFile.ImageFile:
    if not data.startswith(JPEG_START):
        return Image.open(CountedReads(data), formats=_FORMATS)
    try:
        return PlainJpeg(CountedReads(data))
    except (SyntaxError, IndexError, TypeError, struct.error) as error:  # as `Image.open` has it
        raise UnidentifiedImageError(str(error)) from error


def _check_runs(image: ImageFile.ImageFile) -> None:
    if not any(tile.codec_name == "bmp_rle" for tile in image.tile):
        return
    if (pixels := image.width * image.height) > _MOST_RUN_PIXELS or image.width > _MOST_RUN_COLUMNS:
        most = f"{_MOST_RUN_PIXELS:,} pixels in {_MOST_RUN_COLUMNS:,} columns"
        raise TooLarge(f"a BMP in runs has at most {most}, and this one {pixels:,} in {image.width:,}; save it anew")


def _mended(image: Image.Image, data: bytes) -> Image.Image:
    """The picture as meant where Pillow gives the samples, or the clear colour, in another scale than the file's."""
    clear = image.info.get("transparency")
    if image.format == "PNG" and image.mode in ("L", "RGB") and clear is not None:
        top = (1 << data[24]) - 1  # the bit depth, in the header
        scaled = tuple(sample * 255 // top for sample in np.atleast_1d(clear).tolist())
        image.info["transparency"] = scaled if image.mode == "RGB" else scaled[0]
    if image.format == "TIFF" and image.mode.startswith("I;16"):
        tags, values = getattr(image, "tag_v2", {}), np.asarray(image).astype(np.uint16)
        if tags.get(_TIFF_BITS) == (12,):
            values = values * 16 + values // 256
        return Image.fromarray(65535 - values if tags.get(_TIFF_PHOTOMETRIC) == _WHITE_IS_ZERO else values)
    return image


def _is_bare(image: ImageFile.ImageFile) -> bool:
    """Whether the file shows one opaque RGB picture as it is, and tells nothing else."""
    opaque = image.mode in ("RGB", "L", "P", "1") and not image.has_transparency_data
    return opaque and getattr(image, "n_frames", 1) == 1 and _CODING.issuperset(image.info)


def _rgb(image: Image.Image) -> Image.Image:
    """The pixels alone: without the file they came from, and without metadata that would be applied twice."""
    rgb = flatten(upright(image, orientation(image))).copy()
    rgb.info = {}
    return rgb
