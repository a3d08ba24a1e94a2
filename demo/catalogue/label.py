"""What a shop prints: price tags, labels, signs, receipts, notices and coupons, all different. Knows nothing of pixels.

The texts are English and digits, because the font that Pillow carries has no Chinese. None of them tells a scene: a
product's name stands alone, without number or place, so a label is never an answer to a caption.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from textwrap import wrap

from PIL import Image

from demo.catalogue.metadata import BRANDS, Metadata
from demo.catalogue.press import draw
from demo.catalogue.sheet import KINDS
from demo.catalogue.vocabulary import COLOURS, SHAPES

CATEGORY = "label"

_BRANDS = tuple(brand for brand in BRANDS if brand.isascii())
_BODY = 16  # characters of a notice's line
_NOTICES = (
    ("RETURNS", "Return within {days} days with receipt"),
    ("RETURNS", "Unused goods can be returned for {days} days"),
    ("DELIVERY", "Free delivery above {yuan} yuan"),
    ("DELIVERY", "At your door in {few} days for {yuan} yuan"),
    ("WARRANTY", "{days} months with receipt"),
    ("OPEN DAILY", "From {few}.30 in the morning to 21.00"),
    ("REPAIRS", "Ask at desk {days} on floor {few}"),
    ("GIFT CARDS", "From {yuan} yuan at desk {days}"),
    ("PLEASE NOTE", "Prices valid for {days} days"),
    ("MEMBERS", "Collect {yuan} points and save {few}%"),
)


@dataclass(frozen=True, slots=True)
class Label:
    """A piece of printed paper.

    id: unique within a run of `labels`, and the same whenever it runs with these arguments. kind: one of `sheet.KINDS`.
    lines: the printed text from top to bottom, 2 to 6 lines. metadata: category and kind, and brand, price in yuan
    and stock where the paper belongs to a product.
    """

    id: str
    kind: str
    lines: tuple[str, ...]
    metadata: Metadata

    @property
    def printed(self) -> str:
        """The text as one string, a line break between lines."""
        return "\n".join(self.lines)

    def picture(self) -> Image.Image:
        """RGB, 224 x 224 pixels; the same pixels on every call."""
        return draw(self.kind, self.lines, self.id)


def labels(count: int, seed: int) -> Iterator[Label]:
    """`count` labels of all kinds, no text twice."""
    rng = random.Random(f"label|{seed}")
    seen: set[tuple[str, ...]] = set()
    while len(seen) < count:
        kind = rng.choice(KINDS)
        lines, facts = _WRITERS[kind](rng)
        if lines not in seen:
            label = f"label-{seed}-{len(seen):05d}"
            seen.add(lines)
            yield Label(label, kind, lines, {"category": CATEGORY, "kind": kind, **facts})


_Text = tuple[tuple[str, ...], Metadata]


def _price_tag(rng: random.Random) -> _Text:
    brand, price = rng.choice(_BRANDS), _price(rng)
    middle = _model(rng) if rng.random() < 0.3 else _product(rng)
    last = rng.choice(("{:.2f} YUAN", "NOW {:.2f} YUAN", "SALE {:.2f}", "ONLY {:.2f}")).format(price)
    return (brand.upper(), middle, last), _goods(rng, brand, price)


def _product_label(rng: random.Random) -> _Text:
    brand, price = rng.choice(_BRANDS), _price(rng)
    code = f"{rng.randrange(10**6):06d} {rng.randrange(10**6):06d}"
    return (brand, _product(rng), f"Model {_model(rng)}", code), _goods(rng, brand, price)


def _shelf_sign(rng: random.Random) -> _Text:
    colour, shape = _product(rng).upper().split(" ")
    price = _price(rng)
    if rng.random() < 0.5:
        return (colour, shape, f"{price:.2f} YUAN"), {"price": price}
    return (rng.choice(("SALE", "NEW", "OFFER", "LAST DAYS")), shape, f"AISLE {rng.randrange(1, 100)}"), {}


def _receipt(rng: random.Random) -> _Text:
    brand, price = rng.choice(_BRANDS), _price(rng)
    bill, till = f"Bill {rng.randrange(10**4, 10**5)}", f"Till {rng.randrange(1, 30)}"
    head = rng.choice(((bill,), (bill, till), (_date(rng), bill)))
    return (brand.upper(), *head, _product(rng), f"TOTAL {price:.2f}"), {"brand": brand, "price": price}


def _notice(rng: random.Random) -> _Text:
    title, text = rng.choice(_NOTICES)
    body = text.format(days=rng.randrange(7, 91), few=rng.randrange(2, 10), yuan=rng.randrange(50, 1000))
    return (title, *wrap(body, _BODY), f"Call 400-{rng.randrange(10**4):04d}"), {}


def _coupon(rng: random.Random) -> _Text:
    brand, share = rng.choice(_BRANDS), rng.randrange(5, 75, 5)
    return (f"{share}% OFF", brand.upper(), f"CODE {_model(rng)}", f"until {_date(rng)}"), {"brand": brand}


_WRITERS: dict[str, Callable[[random.Random], _Text]] = {
    "price tag": _price_tag,
    "product label": _product_label,
    "shelf sign": _shelf_sign,
    "receipt": _receipt,
    "notice": _notice,
    "coupon": _coupon,
}


def _product(rng: random.Random) -> str:
    """`Blue bag` or `BLUE BAG`, in capitals only where they stay large enough to read."""
    name = f"{rng.choice(list(COLOURS.values())).en} {rng.choice(list(SHAPES.values())).en}"
    return name.upper() if len(name) < 13 and rng.random() < 0.5 else name.capitalize()


def _model(rng: random.Random) -> str:
    """`LX-2041`; without I and O, which nobody tells from 1 and 0."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    return f"{rng.choice(letters)}{rng.choice(letters)}-{rng.randrange(1000, 10000)}"


def _price(rng: random.Random) -> float:
    return rng.randrange(15, 900) + rng.choice((0.0, 0.5, 0.9))


def _date(rng: random.Random) -> str:
    return f"{rng.randrange(2024, 2029)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"


def _goods(rng: random.Random, brand: str, price: float) -> Metadata:
    return {"brand": brand, "price": price, "stock": rng.choice((0, *range(1, 60)))}
