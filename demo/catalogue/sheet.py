"""A sheet of paper with lines of text laid out on it, and how it lies in a picture. Knows no inks and no shops.

The letters are those of the font that Pillow carries; it has Latin ones only.
"""

import math
import random
from dataclasses import dataclass
from functools import lru_cache

from PIL import ImageFont

from demo.catalogue.picture import SIDE

FINE = 2  # sheets are printed at twice their size, so that turning them leaves the letters sharp
_MARGIN = 4  # pixels between the sheet and the edge of the picture
PADDING = 12  # pixels between the edge of the sheet and its text
_TURN = 5.0  # degrees, at most, to either side


@dataclass(frozen=True, slots=True)
class Form:
    """How the sheets of a kind are laid out, in pixels.

    widths: of the sheet, least and most. sizes: of the lines' letters, the last one for all that follow; a line that is
    too wide gets smaller ones. align: left, centre, or spread (left, but amounts at the right). above, below: what
    the form's own drawing needs.
    """

    widths: tuple[int, int]
    sizes: tuple[int, ...]
    align: str
    above: int = 0
    below: int = 0


FORMS: dict[str, Form] = {
    "price tag": Form((198, 206), (22, 28, 44), "centre", above=24, below=2),
    "product label": Form((186, 204), (28, 28, 22, 20), "left", above=0, below=34),
    "shelf sign": Form((180, 204), (46, 46, 28), "centre", above=6, below=6),
    "receipt": Form((194, 204), (25, 20), "spread", above=5, below=7),
    "notice": Form((198, 206), (27, 21), "left", above=3, below=5),
    "coupon": Form((186, 204), (48, 24, 22, 20), "centre", above=5, below=5),
}
KINDS = tuple(FORMS)


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of printed text on its sheet: x of its left end, y of its baseline, width and letter size, in pixels."""

    text: str
    x: float
    y: float
    width: float
    size: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Width and height, the text from top to bottom, the centre in the picture (pixels), and the turn (degrees)."""

    lines: tuple[Line, ...]
    width: int
    height: int
    x: float
    y: float
    turn: float

    def on_picture(self, x: float, y: float) -> tuple[float, float]:
        """A point of the sheet in the picture's coordinates."""
        cos, sin = math.cos(math.radians(self.turn)), math.sin(math.radians(self.turn))
        across, down = x - self.width / 2, y - self.height / 2
        return self.x + cos * across - sin * down, self.y + sin * across + cos * down

    def corners(self, line: Line) -> list[tuple[float, float]]:
        """Of the box around a line's letters in the picture, clockwise from the upper left."""
        left, right, top, bottom = line.x, line.x + line.width, line.y - 0.75 * line.size, line.y + 0.22 * line.size
        return [self.on_picture(*point) for point in ((left, top), (right, top), (right, bottom), (left, bottom))]


def lay_out(kind: str, lines: tuple[str, ...], seed: str) -> Sheet:
    """A sheet of one of KINDS with these lines; the seed moves and turns it and never changes the text."""
    rng = random.Random(f"sheet|{seed}")
    form = FORMS[kind]
    width = rng.randint(*form.widths)
    found: list[Line] = []
    bottom = float(PADDING + form.above)
    for number, text in enumerate(lines):
        found += _pieces(text, form, form.sizes[min(number, len(form.sizes) - 1)], width, bottom)
        bottom = found[-1].y + (0.7 if number == 0 else 0.5) * found[-1].size  # room for a rule below the first
    height = round(bottom - 0.3 * found[-1].size) + PADDING + form.below
    turn = rng.uniform(-_TURN, _TURN)
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(abs(turn)))
    spare = [SIDE / 2 - _MARGIN - (a * cos + b * sin) / 2 for a, b in ((width, height), (height, width))]
    x, y = (SIDE / 2 + rng.uniform(-1, 1) * max(0.0, room) for room in spare)
    return Sheet(tuple(found), width, height, x, y, turn)


@lru_cache(maxsize=128)
def font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font; size in pixels, capitals are 0.7 times as high."""
    found = ImageFont.load_default(size)
    assert isinstance(found, ImageFont.FreeTypeFont)  # given a size, Pillow hands out nothing else
    return found


def _pieces(text: str, form: Form, size: int, sheet: int, top: float) -> list[Line]:
    room = sheet - 2 * PADDING
    while _length(text, size) > room:
        size -= 1
    width, y = _length(text, size), top + 0.75 * size
    if form.align == "centre":
        return [Line(text, (sheet - width) / 2, y, width, size)]
    name, _, amount = text.rpartition(" ")
    if form.align == "spread" and "." in amount:
        end = _length(amount, size)
        start = Line(name, PADDING, y, _length(name, size), size)
        return [start, Line(amount, sheet - PADDING - end, y, end, size)]
    return [Line(text, PADDING, y, width, size)]


def _length(text: str, size: int) -> float:
    return font(size * FINE).getlength(text) / FINE
