"""The words of the catalogue in English and Chinese. Knows nothing of pictures or of sentences."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


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
