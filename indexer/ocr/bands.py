"""A picture in which text is to be found: brought to a good size, and cut into bands if tall. Knows no models."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Small pictures are enlarged up to where the shorter side is as PP-OCR's detector likes it (RapidOCR's own default).
_SHORT_SIDE: Final = 736
_MOST_PIXELS: Final = 1_500_000
_LONGEST_SIDE: Final = 8_000
_LEAST_SIDE: Final = 64
# In a tall picture, as of a screen that was scrolled, the detector overlooks single lines: it looks at bands twice as
# high as wide, which overlap so far that any line stands wholly in one of them.
_TALL: Final = 3.0
_BAND: Final = 2.0
_OVERLAP: Final = 0.5
_MOST_BANDS: Final = 12


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """A part of a picture, from side to side. pixels: (h, w, 3) uint8, BGR, enlarged or made smaller by `scale` and
    set in black where it is too narrow. top: where it begins in the picture. own: from where to where, in pixels of
    the picture, this band counts, where two overlap."""

    pixels: NDArray[np.uint8]
    scale: float
    margin: tuple[int, int]
    top: int
    own: tuple[float, float]

    def in_picture(self, x: float, y: float) -> tuple[float, float]:
        """Where a pixel of the band is in the picture."""
        return (x - self.margin[0]) / self.scale, (y - self.margin[1]) / self.scale + self.top

    def owns(self, y: float) -> bool:
        """Whether what has its middle at this height of the picture is this band's to tell."""
        return self.own[0] <= y < self.own[1]


def bands(image: Image.Image) -> Iterator[Band]:
    """From top to bottom; one band is the whole of a picture that is not tall."""
    width, height = image.size
    if height <= _TALL * width:
        yield _band(image, 0, (-np.inf, np.inf))
        return
    overlap = max(_OVERLAP * width, height / _MOST_BANDS * _OVERLAP / _BAND)
    length = overlap * _BAND / _OVERLAP
    count = 1 + int(np.ceil((height - length) / (length - overlap)))
    step = (height - length) / (count - 1)
    for position in range(count):
        top = round(position * step)
        part = image.crop((0, top, width, min(height, top + round(length))))
        begins = -np.inf if position == 0 else top + (length - step) / 2
        ends = np.inf if position == count - 1 else top + step + (length - step) / 2
        yield _band(part, top, (begins, ends))


def _band(image: Image.Image, top: int, own: tuple[float, float]) -> Band:
    width, height = image.size
    wished = max(1.0, _SHORT_SIDE / min(width, height))
    scale = min(wished, sqrt(_MOST_PIXELS / (width * height)), _LONGEST_SIDE / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    image = image.convert("RGB")
    if size != image.size:
        image = image.resize(size, Image.Resampling.BICUBIC)
    canvas = Image.new("RGB", (max(size[0], _LEAST_SIDE), max(size[1], _LEAST_SIDE)))
    margin = ((canvas.width - size[0]) // 2, (canvas.height - size[1]) // 2)
    canvas.paste(image, margin)
    return Band(np.ascontiguousarray(np.asarray(canvas)[:, :, ::-1]), scale, margin, top, own)
