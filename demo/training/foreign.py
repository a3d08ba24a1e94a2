"""Texts about no scene that can be drawn: what a judge must say no to, however much of it sounds familiar."""

import random

from demo.catalogue.scene import Scene
from demo.catalogue.vocabulary import ALL_COLOURS, ALL_SHAPES

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SIGNS = "猫狗车山水海天花树人手机电脑音乐季度报告今天气怎么样多少钱沙发鞋衣服"
_KNOWN: tuple[str, ...] = (
    *("a", "the", "of", "on", "with", "in", "two", "red", "blue", "green", "wooden", "table", "left", "picture", "cat"),
    *("一个", "红色", "桌上", "图片"),
)


def foreign_text(rng: random.Random) -> str:
    """Made-up words in any order, and known ones that do not make a scene."""
    words = [_made_up(rng) for _ in range(rng.randrange(1, 6))]
    words += rng.sample(_KNOWN, rng.randrange(0, 5))
    rng.shuffle(words)
    return " ".join(words)


def garbled(text: str, scene: Scene, rng: random.Random) -> str:
    """A caption of the scene with one of its nouns or colours, wherever it stands, made up."""
    words = [word for group in scene.groups for word in _words(group.shape, group.colour) if word in text]
    return text.replace(rng.choice(words), _made_up(rng)) if words else foreign_text(rng)


def _words(shape: str, colour: str) -> tuple[str, ...]:
    noun, paint = ALL_SHAPES[shape], ALL_COLOURS[colour]
    return (noun.plural, noun.en, noun.zh, paint.en, paint.zh)


def _made_up(rng: random.Random) -> str:
    if rng.random() < 0.5:
        return "".join(rng.choice(_LETTERS) for _ in range(rng.randrange(3, 9)))
    return "".join(rng.choice(_SIGNS) for _ in range(rng.randrange(1, 5)))
