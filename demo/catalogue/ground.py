"""What the products stand on: wood, marble, tiles or sand, each painted once and cut differently for every picture."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

_SIDE = 320  # larger than a picture, so that every picture shows another part


def ground(name: str, side: int, across: float, down: float) -> Image.Image:
    """RGB, side x side pixels, cut out at shares `across` and `down` (0 to 1) of what there is to choose from."""
    whole = _whole(name)
    left, top = round(across * (_SIDE - side)), round(down * (_SIDE - side))
    return whole.crop((left, top, left + side, top + side))


@lru_cache(maxsize=8)
def _whole(name: str) -> Image.Image:
    return {"wood": _wood, "marble": _marble, "tiles": _tiles, "sand": _sand}[name]()


def _noise(seed: int, width: int, height: int, strength: float) -> NDArray[np.float32]:
    """Smooth noise around 0, stretched from width x height to the whole."""
    raw = np.random.default_rng(seed).normal(0.0, strength, (height, width)).astype(np.float32)
    return np.asarray(Image.fromarray(raw).resize((_SIDE, _SIDE), Image.Resampling.BICUBIC))


def _tinted(colour: tuple[int, int, int], light: NDArray[np.float32]) -> Image.Image:
    pixels = np.array(colour, dtype=np.float32) + light[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGB")


def _wood() -> Image.Image:
    image = _tinted((186, 148, 108), _noise(1, 4, 160, 7.0) + _noise(2, 6, 40, 5.0))
    draw = ImageDraw.Draw(image)
    for y in range(0, _SIDE, 64):
        draw.line([(0, y), (_SIDE, y)], fill=(140, 106, 74), width=2)
        draw.line([(0, y + 2), (_SIDE, y + 2)], fill=(204, 168, 128), width=1)
    return image


def _marble() -> Image.Image:
    veins = np.abs(_noise(3, 7, 7, 1.0) + 0.4 * _noise(4, 22, 22, 1.0))
    image = _tinted(
        (236, 237, 240), np.float32(-46) * np.exp(-((veins / np.float32(0.09)) ** 2)) + _noise(5, 5, 5, 3.0)
    )
    return image.filter(ImageFilter.GaussianBlur(0.8))


def _tiles() -> Image.Image:
    image = _tinted((176, 208, 206), _noise(6, 10, 10, 3.0))
    draw = ImageDraw.Draw(image)
    for at in range(0, _SIDE, 40):
        draw.line([(at, 0), (at, _SIDE)], fill=(236, 244, 243), width=3)
        draw.line([(0, at), (_SIDE, at)], fill=(236, 244, 243), width=3)
    return image


def _sand() -> Image.Image:
    return _tinted((234, 217, 176), _noise(7, 160, 160, 7.0) + _noise(8, 5, 24, 6.0))
