"""One product as a small picture with a transparent ground, shaded and with its shadow. Knows no scenes."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from scipy.ndimage import minimum_filter

from demo.catalogue.more_shapes import MORE_OUTLINES
from demo.catalogue.palette import Paint, paint
from demo.catalogue.shapes import OUTLINES, Pen

MARGIN = 0.12  # room for the shadow on every side, as a share of the product's own side
_EDGE = 9  # pixels of the fine drawing: the dark line is half as wide
_FINE = 384  # drawn at this size, then shrunk: that is what smooths the edges


@lru_cache(maxsize=16384)
def sprite(shape: str, colour: str, pattern: str, side: int) -> Image.Image:
    """RGBA, `side` pixels wide and high without the margin, `round(side * (1 + 2 * MARGIN))` with it."""
    whole = round(side * (1 + 2 * MARGIN))
    return _fine(shape, colour, pattern).resize((whole, whole), Image.Resampling.LANCZOS)


@lru_cache(maxsize=512)
def _fine(shape: str, colour: str, pattern: str) -> Image.Image:
    outline, tones = (OUTLINES | MORE_OUTLINES)[shape], paint(colour)
    body = Image.new("L", (_FINE, _FINE))
    outline.body(Pen(ImageDraw.Draw(body), _FINE))
    product = _layer(lambda pen: outline.behind(pen, tones))
    product.alpha_composite(_edged(_patterned(pattern, tones), body, tones))
    product.alpha_composite(_layer(lambda pen: outline.front(pen, tones)))
    return _with_shadow(_shaded(product))


def _layer(draw: Callable[[Pen], None]) -> Image.Image:
    image = Image.new("RGBA", (_FINE, _FINE))
    draw(Pen(ImageDraw.Draw(image), _FINE))
    return image


def _patterned(pattern: str, tones: Paint) -> Image.Image:
    image = Image.new("RGB", (_FINE, _FINE), tones.base)
    pen = Pen(ImageDraw.Draw(image), _FINE)
    if pattern == "striped":
        for i in range(6):
            pen.box((0.0, 0.09 + i * 0.2, 1.0, 0.18 + i * 0.2), tones.light)
    elif pattern == "dotted":
        for row in range(6):
            for column in range(6):
                x, y = 0.02 + column * 0.24 + 0.12 * (row % 2), 0.06 + row * 0.18
                pen.oval((x - 0.055, y - 0.055, x + 0.055, y + 0.055), tones.light)
    return image


def _edged(surface: Image.Image, body: Image.Image, tones: Paint) -> Image.Image:
    """The surface cut out along the body, with a dark line along its edge."""
    inside = Image.fromarray(minimum_filter(np.asarray(body), size=_EDGE, mode="nearest"))
    cut = Image.new("RGBA", body.size, (*tones.dark, 255))
    cut.paste(surface, (0, 0), inside)
    cut.putalpha(body)
    return cut


def _shaded(product: Image.Image) -> Image.Image:
    """Light from the upper left: a little white there, a little black on the other side."""
    ramp = np.linspace(-1.0, 1.0, _FINE, dtype=np.float32)
    slope = (ramp[None, :] + 0.6 * ramp[:, None]) / 1.6
    pixels = np.asarray(product).astype(np.float32)
    pixels[..., :3] += np.where(slope < 0, -slope * 34, -slope * 46)[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGBA")


def _with_shadow(product: Image.Image) -> Image.Image:
    margin = round(_FINE * MARGIN)
    size = _FINE + 2 * margin
    alpha = Image.new("L", (size, size))
    alpha.paste(product.getchannel("A").point(lambda a: a * 0.42), (margin + 12, margin + 20))
    whole = Image.new("RGBA", (size, size), (30, 22, 16, 0))
    whole.putalpha(alpha.filter(ImageFilter.GaussianBlur(11)))
    whole.alpha_composite(product, (margin, margin))
    return whole
