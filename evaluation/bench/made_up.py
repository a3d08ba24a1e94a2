"""Texts and pictures that requests bring along, the same for the same seed. Knows no requests."""

import base64
import io
from collections.abc import Sequence
from typing import Final

import numpy as np
from PIL import Image

_COLOURS: Final = ("red", "blue", "green", "yellow", "black", "white", "striped", "dotted")
_THINGS: Final = ("mug", "bag", "bottle", "lamp", "clock", "chair", "table", "window", "book", "umbrella")
_PLACES: Final = ("on a table", "beside a window", "under a lamp", "in a bag", "next to a chair", "on a wooden shelf")
_SIDE: Final = 224


class MadeUp:
    def __init__(self, seed: int, pictures: int) -> None:
        """pictures: how many different ones there are."""
        self._random = np.random.default_rng(seed)
        self._pictures = [self._picture() for _ in range(pictures)]

    def text(self) -> str:
        """A sentence of five to nine words."""
        first, second = (f"{self._of(_COLOURS)} {self._of(_THINGS)}" for _ in range(2))
        return f"a {first} {self._of(_PLACES)} and a {second}"

    def texts(self, count: int) -> list[str]:
        return [self.text() for _ in range(count)]

    def picture(self) -> str:
        """A data URI of a JPEG of 224 x 224 pixels, about 10 kB."""
        return self._pictures[int(self._random.integers(len(self._pictures)))]

    def pictures(self, count: int) -> list[str]:
        return [self.picture() for _ in range(count)]

    def _of(self, words: Sequence[str]) -> str:
        return words[int(self._random.integers(len(words)))]

    def _picture(self) -> str:
        small = Image.fromarray(self._random.integers(0, 256, (12, 12, 3), dtype=np.uint8))
        buffer = io.BytesIO()
        small.resize((_SIDE, _SIDE), Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
        return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
