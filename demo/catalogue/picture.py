"""A scene as a picture, seen from above like things laid out on a table. Knows no words."""

import random

from PIL import Image

from demo.catalogue.ground import ground
from demo.catalogue.product import MARGIN, sprite
from demo.catalogue.scene import Group, Scene

SIDE = 224  # pixels, width and height

_SIZES = {1: 92, 2: 76, 3: 66}  # of one product, by how many its group has, where two groups share the picture
_ALONE = {1: 130, 2: 98, 3: 84}
_SCALES = (0.92, 1.0, 1.06)
_UPRIGHT = {1: [(0.5, 0.5)], 2: [(0.42, 0.28), (0.58, 0.72)], 3: [(0.36, 0.2), (0.64, 0.5), (0.36, 0.8)]}
_LYING = {count: [(y, x) for x, y in places] for count, places in _UPRIGHT.items()}
_FREE = {1: [(0.5, 0.5)], 2: [(0.28, 0.46), (0.72, 0.54)], 3: [(0.26, 0.3), (0.74, 0.34), (0.5, 0.74)]}


def draw(scene: Scene, seed: str) -> Image.Image:
    """RGB, SIDE x SIDE. The seed moves things a little and chooses the piece of ground; it never changes the scene."""
    rng = random.Random(seed)
    image = ground(scene.background, SIDE, rng.random(), rng.random()).copy()
    half, whole = SIDE / 2, float(SIDE)
    if scene.relation is None:
        _place(image, scene.groups[0], (0.0, 0.0, whole, whole), rng, _ALONE, _FREE)
    elif scene.relation == "left":
        for group, left in zip(scene.groups, (0.0, half), strict=True):
            _place(image, group, (left, 0.0, half, whole), rng, _SIZES, _UPRIGHT)
    else:
        for group, top in zip(scene.groups, (0.0, half), strict=True):
            _place(image, group, (0.0, top, whole, half), rng, _SIZES, _LYING)
    return image


def _place(
    image: Image.Image,
    group: Group,
    cell: tuple[float, float, float, float],
    rng: random.Random,
    sizes: dict[int, int],
    places: dict[int, list[tuple[float, float]]],
) -> None:
    """cell: left, top, width, height in pixels; places: centres of the products as shares of the cell."""
    product = sprite(group.shape, group.colour, group.pattern, round(sizes[group.count] * rng.choice(_SCALES)))
    room = product.width * (1 - 2 * MARGIN / (1 + 2 * MARGIN)) / 2
    left, top, width, height = cell
    for across, down in places[group.count]:
        x = _within(left + across * width + rng.uniform(-6, 6), left + room, left + width - room)
        y = _within(top + down * height + rng.uniform(-6, 6), top + room, top + height - room)
        image.paste(product, (round(x - product.width / 2), round(y - product.height / 2)), product)


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
