"""The paints of the catalogue: one base colour per colour word, and tints of it. Knows no shapes."""

from dataclasses import dataclass

RGB = tuple[int, int, int]

_BASE: dict[str, RGB] = {
    "red": (214, 36, 44),
    "orange": (247, 130, 22),
    "yellow": (250, 212, 40),
    "green": (42, 156, 72),
    "blue": (34, 98, 222),
    "purple": (126, 58, 178),
    "pink": (250, 140, 186),
    "black": (48, 48, 54),
    "grey": (132, 134, 138),
    "brown": (124, 78, 44),
    "white": (232, 232, 230),
    "teal": (16, 128, 132),
    "olive": (126, 132, 40),
    "navy": (28, 44, 116),
    "magenta": (204, 30, 132),
    "maroon": (122, 22, 42),
    "lime": (160, 216, 52),
    "lavender": (184, 160, 232),
    "turquoise": (84, 208, 204),
    "beige": (222, 200, 160),
}
WOOD: RGB = (150, 104, 66)
METAL: RGB = (140, 146, 154)
IVORY: RGB = (252, 250, 244)
GOLD: RGB = (224, 178, 74)


@dataclass(frozen=True, slots=True)
class Paint:
    """A product's colour, the darker tone of its edges and inner sides, and the light one of its stripes and dots."""

    base: RGB
    dark: RGB
    light: RGB = IVORY


def paint(colour: str) -> Paint:
    base = _BASE[colour]
    return Paint(base, mix(base, (0, 0, 0), 0.38))


def mix(one: RGB, other: RGB, share: float) -> RGB:
    """`one` with `share` (0 to 1) of `other` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
