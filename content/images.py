"""The one image loader: bytes that nobody vouches for become an upright 8-bit RGB picture, or an error that says why not.
The only module that lets PIL open bytes. Knows nothing of files, URLs or JSON.

Pillow's plugins are called by name and not by way of `Image.open`: nothing is registered, no warning filter and no
global of Pillow is touched, so any number of threads may load pictures at once.
"""

import logging
from dataclasses import dataclass
from typing import Final

from PIL import (
    Image,
)

from content.errors import NotAnImage
from content.pixels import flatten, upright

logger = logging.getLogger(__name__)

ORIENTATION: Final = 0x0112


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What is refused before it is decoded. max_bytes: of the encoded picture. max_pixels: width x height."""

    max_bytes: int = 20 * 1024 * 1024
    max_pixels: int = 50_000_000


DEFAULT_LIMITS: Final = ImageLimits()


def to_rgb(image: Image.Image) -> Image.Image:
    """A picture that somebody else opened, as this project keeps pictures: RGB, upright, transparency laid on white.

    One that is so already is returned as it is. Raises NotAnImage when its pixels cannot be read.
    """
    if type(image) is Image.Image and image.mode == "RGB" and not image.info:
        return image
    try:
        image.load()
        turned = upright(image, image.getexif().get(ORIENTATION, 1))
        flat = flatten(turned).copy()
    except (OSError, SyntaxError, ValueError) as error:
        raise NotAnImage(f"the picture cannot be read: {error}") from error
    flat.info = {}
    return flat
