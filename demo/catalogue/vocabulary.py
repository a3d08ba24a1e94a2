"""The words of the catalogue in English and Chinese. Knows nothing of pictures or of sentences."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh", "mixed"]
LANGUAGES: tuple[Language, ...] = ("en", "zh", "mixed")
"""mixed: both in one sentence, as people write who live with both."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A product's name; `measure` is the Chinese measure word between number and noun."""

    en: str
    plural: str
    zh: str
    measure: str


@dataclass(frozen=True, slots=True)
class Word:
    en: str
    zh: str


SHAPES: dict[str, Noun] = {
    "mug": Noun("mug", "mugs", "杯子", "个"),
    "bag": Noun("bag", "bags", "包", "个"),
    "bottle": Noun("bottle", "bottles", "瓶子", "个"),
    "lamp": Noun("lamp", "lamps", "台灯", "盏"),
    "hat": Noun("hat", "hats", "帽子", "顶"),
    "boot": Noun("boot", "boots", "靴子", "只"),
    "clock": Noun("clock", "clocks", "闹钟", "个"),
    "umbrella": Noun("umbrella", "umbrellas", "雨伞", "把"),
    "book": Noun("book", "books", "书", "本"),
    "chair": Noun("chair", "chairs", "椅子", "把"),
}
COLOURS: dict[str, Word] = {
    "red": Word("red", "红色"),
    "orange": Word("orange", "橙色"),
    "yellow": Word("yellow", "黄色"),
    "green": Word("green", "绿色"),
    "blue": Word("blue", "蓝色"),
    "purple": Word("purple", "紫色"),
    "pink": Word("pink", "粉色"),
    "black": Word("black", "黑色"),
}
# What the shop does not sell: trainings show it all the same. Among 18 shapes in 20 colours there are too many pairs to
# learn by heart, so shape and colour are learned apart, and pairs that no training scene shows are read as well.
MORE_COLOURS: dict[str, Word] = {
    "grey": Word("grey", "灰色"),
    "brown": Word("brown", "棕色"),
    "white": Word("white", "白色"),
    "teal": Word("teal", "青色"),
    "olive": Word("olive", "橄榄色"),
    "navy": Word("navy", "藏青色"),
    "magenta": Word("magenta", "品红色"),
    "maroon": Word("maroon", "酒红色"),
    "lime": Word("lime", "黄绿色"),
    "lavender": Word("lavender", "淡紫色"),
    "turquoise": Word("turquoise", "绿松石色"),
    "beige": Word("beige", "米色"),
}
MORE_SHAPES: dict[str, Noun] = {
    "ball": Noun("ball", "balls", "球", "个"),
    "box": Noun("box", "boxes", "盒子", "个"),
    "star": Noun("star", "stars", "星星", "颗"),
    "bowl": Noun("bowl", "bowls", "碗", "个"),
    "vase": Noun("vase", "vases", "花瓶", "个"),
    "cushion": Noun("cushion", "cushions", "靠垫", "个"),
    "sock": Noun("sock", "socks", "袜子", "只"),
    "tin": Noun("tin", "tins", "罐子", "个"),
}
ALL_SHAPES = SHAPES | MORE_SHAPES
ALL_COLOURS = COLOURS | MORE_COLOURS
PATTERNS: dict[str, Word] = {  # a plain product is the usual one: nobody says so
    "plain": Word("", ""),
    "striped": Word("striped", "条纹"),
    "dotted": Word("dotted", "圆点"),
}
COUNTS: dict[int, Word] = {1: Word("a", "一"), 2: Word("two", "两"), 3: Word("three", "三")}
BACKGROUNDS: dict[str, Word] = {
    "wood": Word("on a wooden table", "木桌上"),
    "marble": Word("on a marble counter", "大理石台面上"),
    "tiles": Word("on a tiled floor", "瓷砖地上"),
    "sand": Word("on a sandy beach", "沙滩上"),
}
RELATIONS: tuple[str, ...] = ("left", "above")  # where the first of two groups stands, seen from the second


@dataclass(frozen=True, slots=True)
class Assortment:
    """The shapes and colours that scenes are drawn from."""

    shapes: tuple[str, ...]
    colours: tuple[str, ...]


SOLD = Assortment(tuple(SHAPES), tuple(COLOURS))
WIDE = Assortment(tuple(ALL_SHAPES), tuple(ALL_COLOURS))
