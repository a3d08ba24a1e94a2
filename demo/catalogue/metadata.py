"""The shop's data of a product: made up, but always the same for the same scene. Knows nothing of pictures."""

import random

from demo.catalogue.scene import Scene

BRANDS = ("Nordlicht", "青禾", "Casa Lume", "Tanuki", "云杉", "Fieldnote")
_TYPICAL_PRICE = {  # yuan
    "mug": 39,
    "bag": 320,
    "bottle": 69,
    "lamp": 180,
    "hat": 110,
    "boot": 260,
    "clock": 95,
    "umbrella": 79,
    "book": 45,
    "chair": 420,
    "ball": 29,
    "box": 25,
    "star": 15,
    "bowl": 35,
    "vase": 88,
    "cushion": 59,
    "sock": 19,
    "tin": 22,
}

Metadata = dict[str, str | int | float]


def metadata(scene: Scene) -> Metadata:
    """category and colour (of the first group), price in yuan, brand, stock in pieces."""
    rng = random.Random(f"metadata|{scene.key}")
    first = scene.groups[0]
    price = sum(group.count * _TYPICAL_PRICE[group.shape] for group in scene.groups) * rng.uniform(0.7, 1.4)
    return {
        "category": first.shape,
        "colour": first.colour,
        "price": round(price, 2),
        "brand": rng.choice(BRANDS),
        "stock": rng.choice((0, *range(1, 60))),
    }
