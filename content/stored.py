"""What a collection stores and serves of a picture: small enough, shown by every browser, telling nothing but the
picture. Knows nothing of where it is stored."""

import math
from io import BytesIO
from typing import Final

from PIL import Image

from content.images import Decoded

MAX_PIXELS: Final = 1280 * 28 * 28  # what the reranker looks at, at most (Lychee's model card)
_LONGEST_SIDE: Final = 65_500  # of a JPEG
_FEW_COLOURS: Final = 256
_BYTES_PER_PIXEL, _BYTES_OF_HEADERS = 4, 65_536


def stored_picture(picture: Decoded | Image.Image, max_pixels: int = MAX_PIXELS) -> tuple[bytes, str]:
    """The encoded picture and its media type: image/jpeg, image/png or image/webp.

    A still, upright, opaque JPEG, PNG or WebP of at most `max_pixels` without metadata is kept as it is. All else is
    encoded anew: scaled down (Lanczos) to `max_pixels`, as a PNG where it has few colours and lost none yet (drawings,
    rendered pages), else as a JPEG of quality 95 without colour subsampling.

    picture: an RGB picture, or what `decode` gave.
    """
    image = picture.image if isinstance(picture, Decoded) else picture
    size = fit(image.size, max_pixels)
    if size != image.size:
        return _jpeg(image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))
    if isinstance(picture, Decoded) and picture.media_type is not None and _is_compact(picture):
        return picture.data, picture.media_type
    lossless = not isinstance(picture, Decoded) or picture.lossless
    return _encoded(image, "PNG") if lossless and image.getcolors(_FEW_COLOURS) is not None else _jpeg(image)


def fit(size: tuple[int, int], max_pixels: int) -> tuple[int, int]:
    """(width, height) of the largest picture of the same shape with at most `max_pixels`; each side is 1 or more."""
    width, height = size
    scale = min(1.0, math.sqrt(max_pixels / (width * height)), _LONGEST_SIDE / max(size))
    if scale == 1.0:
        return size
    short, long = sorted((max(1, int(width * scale)), max(1, int(height * scale))))
    long = min(long, max_pixels // short)
    return (long, short) if width > height else (short, long)


def _is_compact(picture: Decoded) -> bool:
    """False for bytes that are far more than the pixels could need: something else is hidden in them."""
    return len(picture.data) <= picture.image.width * picture.image.height * _BYTES_PER_PIXEL + _BYTES_OF_HEADERS


def _encoded(image: Image.Image, name: str, **options: int) -> tuple[bytes, str]:
    buffer = BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue(), f"image/{name.lower()}"


def _jpeg(image: Image.Image) -> tuple[bytes, str]:
    return _encoded(image, "JPEG", quality=95, subsampling=0)
