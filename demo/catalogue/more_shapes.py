"""Outlines of things that the shop does not sell: only trainings show them."""

from math import cos, pi, sin

from demo.catalogue.palette import Paint
from demo.catalogue.shapes import Outline, Pen


def _nothing(pen: Pen, paint: Paint) -> None:
    """A layer of a thing that has none there."""


def _ball(pen: Pen) -> None:
    pen.oval((0.1, 0.1, 0.9, 0.9), 255)


def _box(pen: Pen) -> None:
    pen.box((0.1, 0.2, 0.9, 0.88), 255, 0.02)


def _lid(pen: Pen, paint: Paint) -> None:
    pen.box((0.06, 0.16, 0.94, 0.34), paint.dark, 0.02)


def _star(pen: Pen) -> None:
    corners = [(0.5 if i % 2 == 0 else 0.22, pi * i / 5 - pi / 2) for i in range(10)]
    pen.area([(0.5 + r * cos(turn), 0.53 + r * sin(turn)) for r, turn in corners], 255)


def _bowl(pen: Pen) -> None:
    pen.area([(0.05, 0.35), (0.95, 0.35), (0.8, 0.7), (0.66, 0.84), (0.34, 0.84), (0.2, 0.7)], 255)


def _bowl_rim(pen: Pen, paint: Paint) -> None:
    pen.oval((0.05, 0.27, 0.95, 0.43), paint.dark)


def _vase(pen: Pen) -> None:
    pen.oval((0.2, 0.34, 0.8, 0.96), 255)
    pen.area([(0.3, 0.06), (0.7, 0.06), (0.6, 0.5), (0.4, 0.5)], 255)


def _cushion(pen: Pen) -> None:
    pen.box((0.12, 0.12, 0.88, 0.88), 255, 0.16)
    for x, y in ((0.08, 0.08), (0.92, 0.08), (0.08, 0.92), (0.92, 0.92)):
        pen.oval((x - 0.08, y - 0.08, x + 0.08, y + 0.08), 255)


def _sock(pen: Pen) -> None:
    pen.box((0.3, 0.05, 0.62, 0.7), 255, 0.03)
    pen.box((0.3, 0.56, 0.9, 0.9), 255, 0.17)


def _tin(pen: Pen) -> None:
    pen.box((0.2, 0.14, 0.8, 0.86), 255)
    pen.oval((0.2, 0.76, 0.8, 0.96), 255)


def _tin_top(pen: Pen, paint: Paint) -> None:
    pen.oval((0.2, 0.04, 0.8, 0.24), paint.dark)


MORE_OUTLINES: dict[str, Outline] = {
    "ball": Outline(_ball, _nothing, _nothing),
    "box": Outline(_box, _nothing, _lid),
    "star": Outline(_star, _nothing, _nothing),
    "bowl": Outline(_bowl, _nothing, _bowl_rim),
    "vase": Outline(_vase, _nothing, _nothing),
    "cushion": Outline(_cushion, _nothing, _nothing),
    "sock": Outline(_sock, _nothing, _nothing),
    "tin": Outline(_tin, _nothing, _tin_top),
}
