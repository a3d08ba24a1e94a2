"""Prints a sheet in paper, ink and ornaments of its kind, and lays it on a ground. Knows no words of the shop."""

import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

from demo.catalogue.ground import ground
from demo.catalogue.palette import IVORY, RGB, mix
from demo.catalogue.picture import SIDE
from demo.catalogue.sheet import FINE, PADDING, Line, Sheet, font, lay_out
from demo.catalogue.vocabulary import BACKGROUNDS

_WHITES: tuple[RGB, ...] = (IVORY, (246, 247, 250), (250, 238, 200), (228, 238, 246), (247, 228, 224), (226, 204, 168))
_BRIGHTS: tuple[RGB, ...] = ((250, 214, 60), (196, 34, 42), (28, 74, 156), (26, 104, 80), (40, 42, 50), (238, 140, 70))
_INKS: tuple[RGB, ...] = ((28, 28, 32), (24, 40, 104), (128, 20, 32), (16, 76, 58), (74, 34, 92))
_BLACK: RGB = (26, 24, 28)
_BRIGHT_KINDS = {"shelf sign": 0.8, "coupon": 0.5, "price tag": 0.4, "notice": 0.2}  # share on bright paper


def draw(kind: str, lines: tuple[str, ...], seed: str) -> Image.Image:
    """RGB, SIDE x SIDE. The seed chooses paper, ink, place and ground; it never changes the text."""
    rng = random.Random(f"press|{seed}")
    sheet = lay_out(kind, lines, seed)
    image = _under(rng)
    press = _inked(kind, sheet, rng)
    _ORNAMENTS[kind](press, rng)
    weight = rng.choice((0.0, 0.025))
    for number, line in enumerate(sheet.lines):
        press.print(line, 0.04 if number == 0 else weight)
    mask = _laid(press.mask, sheet)
    shadow = Image.new("L", (SIDE, SIDE))
    shadow.paste(mask.point(lambda a: a * 0.4), (3, 5))
    image.paste((30, 22, 16), (0, 0), shadow.filter(ImageFilter.BoxBlur(3)))
    image.paste(_laid(press.face, sheet), (0, 0), mask)
    return image


class Press:
    """Works on one sheet in the sheet's own pixels: prints its face and cuts its outline."""

    def __init__(self, sheet: Sheet, paper: RGB, ink: RGB, accent: RGB) -> None:
        size = (sheet.width * FINE, sheet.height * FINE)
        self.sheet, self.paper, self.ink, self.accent = sheet, paper, ink, accent
        self.face, self.mask = Image.new("RGB", size, paper), Image.new("L", size)
        self._on_face, self._on_mask = ImageDraw.Draw(self.face), ImageDraw.Draw(self.mask)
        self._header = 0.0

    def cut(self, points: list[tuple[float, float]]) -> None:
        self._on_mask.polygon([(x * FINE, y * FINE) for x, y in points], fill=255)

    def round_off(self, radius: float) -> None:
        box = (FINE, FINE, (self.sheet.width - 1) * FINE, (self.sheet.height - 1) * FINE)
        self._on_mask.rounded_rectangle(box, radius * FINE, fill=255)

    def hole(self, x: float, y: float, radius: float) -> None:
        self._on_mask.ellipse([at * FINE for at in (x - radius, y - radius, x + radius, y + radius)], fill=0)

    def box(self, left: float, top: float, right: float, bottom: float, fill: RGB) -> None:
        self._on_face.rectangle([at * FINE for at in (left, top, right, bottom)], fill=fill)

    def ring(self, x: float, y: float, radius: float, fill: RGB) -> None:
        self._on_face.ellipse([at * FINE for at in (x - radius, y - radius, x + radius, y + radius)], fill=fill)

    def frame(self, inset: float, width: float, radius: float) -> None:
        box = [at * FINE for at in (inset, inset, self.sheet.width - inset, self.sheet.height - inset)]
        self._on_face.rounded_rectangle(box, radius * FINE, outline=self.accent, width=round(width * FINE))

    def header(self) -> None:
        """A band in the accent's colour behind the first line, which is printed in the paper's colour."""
        self._header = self.sheet.lines[0].y + 0.38 * self.sheet.lines[0].size
        self.box(0, 0, self.sheet.width, self._header, self.accent)

    def rule(self, line: Line, share: float = 1.0) -> None:
        """A thin rule under a line; share: of the sheet's width between its paddings."""
        y, left = line.y + 0.36 * line.size, PADDING
        self.box(left, y, left + share * (self.sheet.width - 2 * left), y + 1, self.accent)

    def print(self, line: Line, weight: float) -> None:
        """weight: how much thicker than the font's own the strokes are, as a share of the letter size."""
        ink = self.paper if line.y < self._header else self.ink
        stroke = round(weight * line.size * FINE)
        at = (line.x * FINE, line.y * FINE)
        self._on_face.text(at, line.text, ink, font(line.size * FINE), "ls", stroke_width=stroke)


def _under(rng: random.Random) -> Image.Image:
    """What the sheet lies on: a ground of the catalogue, or plain board."""
    if rng.random() < 0.6:
        return ground(rng.choice(list(BACKGROUNDS)), SIDE, rng.random(), rng.random()).copy()
    return Image.new("RGB", (SIDE, SIDE), mix(rng.choice(_BRIGHTS), (238, 236, 230), rng.uniform(0.3, 0.85)))


def _inked(kind: str, sheet: Sheet, rng: random.Random) -> Press:
    if rng.random() < _BRIGHT_KINDS.get(kind, 0.0):
        paper = rng.choice(_BRIGHTS)
        ink = IVORY if sum(paper) < 340 else _BLACK
        return Press(sheet, paper, ink, ink)
    paper = rng.choice(_WHITES[:2] if kind == "receipt" else _WHITES)
    return Press(sheet, paper, _BLACK if kind == "receipt" else rng.choice(_INKS), rng.choice(_INKS))


def _laid(flat: Image.Image, sheet: Sheet) -> Image.Image:
    """The printed sheet as the picture shows it: turned, and moved to its place."""
    cos, sin = math.cos(math.radians(sheet.turn)), math.sin(math.radians(sheet.turn))
    back = [
        *(cos, sin, sheet.width / 2 - cos * sheet.x - sin * sheet.y),
        *(-sin, cos, sheet.height / 2 + sin * sheet.x - cos * sheet.y),
    ]  # from the picture to the sheet
    return flat.transform((SIDE, SIDE), Image.Transform.AFFINE, [at * FINE for at in back], Image.Resampling.BILINEAR)


def _price_tag(press: Press, rng: random.Random) -> None:
    width, height, cut = press.sheet.width, press.sheet.height, 26
    press.cut([(cut, 1), (width - cut, 1), (width - 1, cut), (width - 1, height - 1), (1, height - 1), (1, cut)])
    press.ring(width / 2, 18, 11, mix(press.ink, press.paper, 0.5))
    press.hole(width / 2, 18, 6)
    if rng.random() < 0.5:
        press.rule(press.sheet.lines[0])


def _product_label(press: Press, rng: random.Random) -> None:
    press.round_off(rng.choice((3, 10, 18)))
    if rng.random() < 0.7:
        press.header()
    left, bottom = float(PADDING), press.sheet.height - 12
    while left < press.sheet.width - PADDING - 4:
        bar = rng.choice((1, 1.5, 2.5, 4))
        press.box(left, bottom - 24, left + bar, bottom, press.ink)
        left += bar + rng.choice((1.5, 2, 3))


def _shelf_sign(press: Press, rng: random.Random) -> None:
    press.round_off(rng.choice((2, 12)))
    press.frame(5, rng.choice((1, 2, 3)), rng.choice((1, 9)))


def _receipt(press: Press, rng: random.Random) -> None:
    width, height, teeth = press.sheet.width, press.sheet.height, 17
    xs = [1 + (width - 2) * i / (2 * teeth) for i in range(2 * teeth + 1)]
    above = [(x, 1 + 4 * (i % 2)) for i, x in enumerate(xs)]
    press.cut([*above, *[(x, height - y) for x, y in reversed(above)]])
    press.rule(press.sheet.lines[0])
    total = press.sheet.lines[-1]
    for x in range(PADDING, press.sheet.width - PADDING, 8):
        press.box(x, total.y + 6, x + 5, total.y + 7, press.ink)


def _notice(press: Press, rng: random.Random) -> None:
    press.round_off(rng.choice((2, 8)))
    if rng.random() < 0.5:
        press.header()
    else:
        press.frame(4, 1.5, 5)
        press.rule(press.sheet.lines[0], 0.5)


def _coupon(press: Press, rng: random.Random) -> None:
    width, height = press.sheet.width, press.sheet.height
    press.round_off(4)
    for x in (0, width):
        press.hole(x, height * 0.42, 8)
    for x in range(6, width - 9, 9):
        for y in (5, height - 7):
            press.box(x, y, x + 5, y + 1.5, press.accent)


_ORNAMENTS: dict[str, Callable[[Press, random.Random], None]] = {
    "price tag": _price_tag,
    "product label": _product_label,
    "shelf sign": _shelf_sign,
    "receipt": _receipt,
    "notice": _notice,
    "coupon": _coupon,
}
