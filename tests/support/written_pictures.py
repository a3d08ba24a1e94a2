"""Pictures with text in them, drawn on the spot: in several fonts, sizes, colours and slants, on plain and on
photograph-like grounds, with noise. Knows not what reads them."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Ground = Literal["plain", "gradient", "photograph"]
SIZE = (640, 480)
# Of wheels, so that they are there without a network. The first three have Chinese and Latin glyphs, the others Latin.
CHINESE_FONTS = {
    "sans": ("mplfonts", "fonts/NotoSansCJKsc-Regular.otf"),
    "serif": ("mplfonts", "fonts/NotoSerifCJKsc-Regular.otf"),
    "mono": ("mplfonts", "fonts/NotoSansMonoCJKsc-Regular.otf"),
}
LATIN_FONTS = {
    "dejavu sans": ("matplotlib", "mpl-data/fonts/ttf/DejaVuSans.ttf"),
    "dejavu serif bold": ("matplotlib", "mpl-data/fonts/ttf/DejaVuSerif-Bold.ttf"),
    "dejavu oblique": ("matplotlib", "mpl-data/fonts/ttf/DejaVuSans-Oblique.ttf"),
}
FONTS = CHINESE_FONTS | LATIN_FONTS
_LIGHT = ((255, 255, 255), (255, 240, 180), (200, 235, 255), (255, 210, 200))
_DARK = ((0, 0, 0), (20, 30, 110), (120, 10, 20), (10, 80, 40))


@dataclass(frozen=True)
class Look:
    """font_size: in pixels. slant: in degrees, anticlockwise. noise: its standard deviation, of 255. blur: its radius,
    in pixels. dark: the ink."""

    font: str = "sans"
    font_size: int = 32
    slant: float = 0.0
    noise: float = 0.0
    blur: float = 0.0
    ground: Ground = "plain"
    dark: bool = True


def look(seed: int, latin: bool) -> Look:
    """Any look that a person still reads: small letters are less blurred and noisy. latin: for text without Chinese."""
    random = np.random.default_rng(seed)
    fonts = sorted(FONTS if latin else CHINESE_FONTS)
    size = int(random.integers(11, 45))
    return Look(
        font=fonts[random.integers(len(fonts))],
        font_size=size,
        slant=float(random.uniform(-15, 15)) if random.random() < 0.6 else 0.0,
        noise=float(random.uniform(0, min(45, 1.5 * size))),
        blur=float(random.uniform(0, min(1.2, size / 22))),
        ground=("plain", "gradient", "photograph")[random.integers(3)],
        dark=bool(random.random() < 0.5),
    )


def written_picture(lines: list[str], look: Look, seed: int = 0, size: tuple[int, int] = SIZE) -> Image.Image:
    """RGB; the lines one below the other, near the middle. They must fit: nothing is wrapped."""
    random = np.random.default_rng(seed)
    ground = _ground(look, random, size)
    ink = (_DARK if look.dark else _LIGHT)[random.integers(4)]
    mask = _mask(lines, look, size).rotate(look.slant, Image.Resampling.BICUBIC)
    ground.paste(Image.new("RGB", size, ink), mask=mask)
    if look.blur:
        ground = ground.filter(ImageFilter.GaussianBlur(look.blur))
    if not look.noise:
        return ground
    noisy = np.asarray(ground, np.float32) + random.normal(0, look.noise, (size[1], size[0], 3))
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def _mask(lines: list[str], look: Look, size: tuple[int, int]) -> Image.Image:
    """L; where there is ink."""
    font = load_font(look.font, look.font_size)
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    step = round(look.font_size * 1.7)
    top = (size[1] - step * len(lines)) // 2
    for position, line in enumerate(lines):
        width = draw.textlength(line, font)
        if width > size[0] * 0.95:
            raise ValueError(f"{line!r} does not fit at {look.font_size} pixels")
        draw.text(((size[0] - width) / 2, top + position * step), line, fill=255, font=font)
    return mask


def _ground(look: Look, random: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Light under dark ink, dark under light ink. A photograph has large things and small ones."""
    low, high = (140, 256) if look.dark else (0, 115)
    coarse = _clouds({"plain": (1, 1), "gradient": (2, 2), "photograph": (4, 6)}[look.ground], random, low, high, size)
    if look.ground != "photograph":
        return coarse
    return Image.blend(coarse, _clouds((30, 40), random, low, high, size), 0.4)


def _clouds(
    cells: tuple[int, int], random: np.random.Generator, low: int, high: int, size: tuple[int, int]
) -> Image.Image:
    small = random.integers(low, high, (*cells, 3), dtype=np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BILINEAR)


@cache
def load_font(name: str, size: int) -> ImageFont.FreeTypeFont:
    wheel, path = FONTS[name]
    spec = find_spec(wheel)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"the fonts of these pictures come with {wheel}: pip install '.[dev]'")
    return ImageFont.truetype(Path(spec.submodule_search_locations[0]) / path, size)
