"""A scene as a picture, seen from above like things laid out on a table. Knows no words."""

import random
from dataclasses import dataclass

from PIL import Image

from demo.catalogue.ground import ground
from demo.catalogue.product import sprite
from demo.catalogue.scene import Scene

SIDE = 224  # pixels, width and height

_SIZES = {1: 92, 2: 76, 3: 66}  # of one product, by how many its group has, where two groups share the picture
_ALONE = {1: 130, 2: 98, 3: 84}
_SCALES = (0.92, 1.0, 1.06)
_UPRIGHT = {1: [(0.5, 0.5)], 2: [(0.42, 0.28), (0.58, 0.72)], 3: [(0.36, 0.2), (0.64, 0.5), (0.36, 0.8)]}
_LYING = {count: [(y, x) for x, y in places] for count, places in _UPRIGHT.items()}
_FREE = {1: [(0.5, 0.5)], 2: [(0.28, 0.46), (0.72, 0.54)], 3: [(0.26, 0.3), (0.74, 0.34), (0.5, 0.74)]}


@dataclass(frozen=True, slots=True)
class Place:
    """Where one product stands: its group's number, its centre and its side, in pixels."""

    group: int
    x: float
    y: float
    side: int


def draw(scene: Scene, seed: str) -> Image.Image:
    """RGB, SIDE x SIDE. The seed moves things a little and chooses the piece of ground; it never changes the scene."""
    rng = random.Random(f"ground|{seed}")
    image = ground(scene.background, SIDE, rng.random(), rng.random()).copy()
    for place in places(scene, seed):
        group = scene.groups[place.group]
        product = sprite(group.shape, group.colour, group.pattern, place.side)
        image.paste(product, (round(place.x - product.width / 2), round(place.y - product.height / 2)), product)
    return image


def places(scene: Scene, seed: str) -> list[Place]:
    """Where `draw` puts each product of the scene."""
    rng = random.Random(seed)
    half, whole = SIDE / 2, float(SIDE)
    if scene.relation is None:
        cells, sizes, grid = [(0.0, 0.0, whole, whole)], _ALONE, _FREE
    elif scene.relation == "left":
        cells, sizes, grid = [(0.0, 0.0, half, whole), (half, 0.0, half, whole)], _SIZES, _UPRIGHT
    else:
        cells, sizes, grid = [(0.0, 0.0, whole, half), (0.0, half, whole, half)], _SIZES, _LYING
    found: list[Place] = []
    for number, (group, (left, top, width, height)) in enumerate(zip(scene.groups, cells, strict=True)):
        side = round(sizes[group.count] * rng.choice(_SCALES))
        for across, down in grid[group.count]:
            x = _within(left + across * width + rng.uniform(-6, 6), left + side / 2, left + width - side / 2)
            y = _within(top + down * height + rng.uniform(-6, 6), top + side / 2, top + height - side / 2)
            found.append(Place(number, x, y, side))
    return found


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
