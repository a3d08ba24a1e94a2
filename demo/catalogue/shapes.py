"""The outlines of the ten products in a unit square, y downwards. Knows neither colours of pictures nor scenes.

Each product has three layers: what lies behind its body, the body that carries the pattern, and what lies on it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import ImageDraw

from demo.catalogue.palette import GOLD, IVORY, METAL, RGB, WOOD, Paint

Points = list[tuple[float, float]]
Box = tuple[float, float, float, float]


class Pen:
    """Draws in unit coordinates on a square of `side` pixels."""

    def __init__(self, draw: ImageDraw.ImageDraw, side: int) -> None:
        self._draw, self._side = draw, side

    def box(self, box: Box, fill: RGB | int, radius: float = 0.0) -> None:
        self._draw.rounded_rectangle(self._scaled(box), radius * self._side, fill=fill)

    def oval(self, box: Box, fill: RGB | int) -> None:
        self._draw.ellipse(self._scaled(box), fill=fill)

    def half(self, box: Box, fill: RGB | int) -> None:
        """The upper half of an oval."""
        self._draw.pieslice(self._scaled(box), 180, 360, fill=fill)

    def arc(self, box: Box, start: float, end: float, fill: RGB | int, width: float) -> None:
        self._draw.arc(self._scaled(box), start, end, fill=fill, width=round(width * self._side))

    def area(self, points: Points, fill: RGB | int) -> None:
        self._draw.polygon([(x * self._side, y * self._side) for x, y in points], fill=fill)

    def line(self, points: Points, fill: RGB | int, width: float) -> None:
        scaled = [(x * self._side, y * self._side) for x, y in points]
        self._draw.line(scaled, fill=fill, width=round(width * self._side), joint="curve")

    def _scaled(self, box: Box) -> Box:
        return box[0] * self._side, box[1] * self._side, box[2] * self._side, box[3] * self._side


Layer = Callable[[Pen, Paint], None]


@dataclass(frozen=True, slots=True)
class Outline:
    """body: draws the mask (255 where the pattern goes); behind, front: draw in colours of their own."""

    body: Callable[[Pen], None]
    behind: Layer
    front: Layer


def _nothing(pen: Pen, paint: Paint) -> None:
    """A layer of a product that has none there."""


def _mug(pen: Pen) -> None:
    pen.box((0.12, 0.2, 0.68, 0.88), 255, 0.1)
    pen.box((0.12, 0.2, 0.68, 0.5), 255, 0.02)


def _mug_handle(pen: Pen, paint: Paint) -> None:
    pen.arc((0.5, 0.32, 0.92, 0.74), -100, 100, paint.dark, 0.1)


def _mug_rim(pen: Pen, paint: Paint) -> None:
    pen.oval((0.12, 0.12, 0.68, 0.3), paint.dark)
    pen.oval((0.17, 0.16, 0.63, 0.28), (92, 62, 44))


def _bag(pen: Pen) -> None:
    pen.area([(0.2, 0.36), (0.8, 0.36), (0.92, 0.92), (0.08, 0.92)], 255)


def _bag_handle(pen: Pen, paint: Paint) -> None:
    pen.arc((0.29, 0.08, 0.71, 0.68), 180, 360, paint.dark, 0.075)


def _bag_clasp(pen: Pen, paint: Paint) -> None:
    pen.line([(0.2, 0.385), (0.8, 0.385)], paint.dark, 0.05)
    pen.box((0.44, 0.35, 0.56, 0.46), GOLD, 0.03)


def _bottle(pen: Pen) -> None:
    pen.box((0.3, 0.4, 0.7, 0.96), 255, 0.07)
    pen.half((0.3, 0.27, 0.7, 0.62), 255)
    pen.box((0.42, 0.12, 0.58, 0.4), 255)


def _bottle_cap(pen: Pen, paint: Paint) -> None:
    pen.box((0.4, 0.04, 0.6, 0.14), paint.dark, 0.02)


def _lamp(pen: Pen) -> None:
    pen.area([(0.34, 0.06), (0.66, 0.06), (0.9, 0.54), (0.1, 0.54)], 255)


def _lamp_foot(pen: Pen, paint: Paint) -> None:
    pen.box((0.46, 0.5, 0.54, 0.9), METAL)
    pen.oval((0.27, 0.82, 0.73, 0.97), METAL)


def _hat(pen: Pen) -> None:
    pen.oval((0.02, 0.58, 0.98, 0.88), 255)
    pen.half((0.22, 0.1, 0.78, 0.9), 255)
    pen.box((0.22, 0.5, 0.78, 0.74), 255)


def _hat_band(pen: Pen, paint: Paint) -> None:
    pen.box((0.22, 0.58, 0.78, 0.68), paint.dark)


def _boot(pen: Pen) -> None:
    pen.box((0.2, 0.06, 0.58, 0.84), 255, 0.05)
    pen.box((0.2, 0.54, 0.92, 0.86), 255, 0.14)
    pen.box((0.2, 0.7, 0.92, 0.86), 255, 0.02)


def _boot_sole(pen: Pen, paint: Paint) -> None:
    pen.box((0.17, 0.84, 0.95, 0.94), (64, 50, 42), 0.03)
    pen.box((0.17, 0.04, 0.61, 0.13), paint.dark, 0.03)


def _clock(pen: Pen) -> None:
    pen.oval((0.08, 0.16, 0.92, 0.96), 255)


def _clock_bells(pen: Pen, paint: Paint) -> None:
    pen.oval((0.1, 0.06, 0.42, 0.36), METAL)
    pen.oval((0.58, 0.06, 0.9, 0.36), METAL)
    pen.line([(0.3, 0.85), (0.18, 0.98)], METAL, 0.07)
    pen.line([(0.7, 0.85), (0.82, 0.98)], METAL, 0.07)


def _clock_face(pen: Pen, paint: Paint) -> None:
    pen.oval((0.29, 0.35, 0.71, 0.77), (70, 70, 76))
    pen.oval((0.32, 0.38, 0.68, 0.74), IVORY)
    pen.line([(0.5, 0.43), (0.5, 0.56), (0.6, 0.62)], (40, 40, 44), 0.035)


def _umbrella(pen: Pen) -> None:
    pen.half((0.03, 0.08, 0.97, 1.1), 255)
    for i in range(4):  # the scalloped edge
        left = 0.03 + i * 0.235
        pen.oval((left, 0.52, left + 0.235, 0.66), 255)


def _umbrella_stick(pen: Pen, paint: Paint) -> None:
    pen.box((0.475, 0.03, 0.525, 0.86), WOOD)
    pen.arc((0.475, 0.76, 0.71, 0.98), 0, 180, WOOD, 0.05)


def _book(pen: Pen) -> None:
    pen.box((0.14, 0.1, 0.82, 0.92), 255, 0.04)


def _book_pages(pen: Pen, paint: Paint) -> None:
    pen.box((0.2, 0.14, 0.9, 0.96), paint.dark, 0.04)
    pen.box((0.2, 0.14, 0.87, 0.935), IVORY, 0.02)


def _book_spine(pen: Pen, paint: Paint) -> None:
    pen.box((0.14, 0.1, 0.25, 0.92), paint.dark, 0.04)


def _chair(pen: Pen) -> None:
    pen.box((0.22, 0.03, 0.78, 0.46), 255, 0.07)
    pen.area([(0.2, 0.52), (0.8, 0.52), (0.92, 0.7), (0.08, 0.7)], 255)


def _chair_legs(pen: Pen, paint: Paint) -> None:
    for x in (0.27, 0.73):
        pen.line([(x, 0.4), (x, 0.9)], WOOD, 0.06)
    for x in (0.13, 0.87):
        pen.line([(x, 0.66), (x, 0.98)], WOOD, 0.07)


OUTLINES: dict[str, Outline] = {
    "mug": Outline(_mug, _mug_handle, _mug_rim),
    "bag": Outline(_bag, _bag_handle, _bag_clasp),
    "bottle": Outline(_bottle, _nothing, _bottle_cap),
    "lamp": Outline(_lamp, _lamp_foot, _nothing),
    "hat": Outline(_hat, _nothing, _hat_band),
    "boot": Outline(_boot, _nothing, _boot_sole),
    "clock": Outline(_clock, _clock_bells, _clock_face),
    "umbrella": Outline(_umbrella, _umbrella_stick, _nothing),
    "book": Outline(_book, _book_pages, _book_spine),
    "chair": Outline(_chair, _chair_legs, _nothing),
}
