"""An encoder whose vectors a reader can work out in the head: colours are axes, other words are hashed to axes."""

import zlib

import numpy as np
from PIL import Image

from indexer.protocols import Vectors

_COLOURS = {"red": 0, "green": 1, "blue": 2}
_NOTHING = 3


class ToyEncoder:
    """Axes 0, 1, 2 are red, green and blue; axis 3 is what is left when there is nothing; words have the others.

    A text is the sum of its words' axes; a picture is its mean colour, (r, g, b, 1 - max) in [0, 1]. Both are brought
    to unit length, so "red" lies on a red picture exactly. A token is a word. Counts what it was asked for.
    """

    def __init__(self, dimension: int = 16, *, fingerprint: str = "toy", max_text_tokens: int = 16) -> None:
        self.name = f"toy-{dimension}"
        self.dimension = dimension
        self.fingerprint = f"{fingerprint}-{dimension}"
        self.max_text_tokens = max_text_tokens
        self.texts_encoded = 0
        self.images_encoded = 0

    def count_tokens(self, texts: list[str]) -> list[int]:
        return [min(len(text.split()), self.max_text_tokens) for text in texts]

    def encode_texts(self, texts: list[str]) -> Vectors:
        self.texts_encoded += len(texts)
        return self._unit([self._text(text) for text in texts])

    def encode_images(self, images: list[Image.Image]) -> Vectors:
        self.images_encoded += len(images)
        return self._unit([self._image(image) for image in images])

    def axis(self, word: str) -> int:
        return _COLOURS.get(word, _NOTHING + 1 + zlib.crc32(word.encode()) % (self.dimension - _NOTHING - 1))

    def _text(self, text: str) -> Vectors:
        vector = np.zeros(self.dimension, np.float32)
        for word in text.lower().split()[: self.max_text_tokens]:
            vector[self.axis(word)] += 1
        if not vector.any():
            vector[_NOTHING] = 1
        return vector

    def _image(self, image: Image.Image) -> Vectors:
        vector = np.zeros(self.dimension, np.float32)
        vector[:3] = np.asarray(image, np.float32).mean(axis=(0, 1)) / 255
        vector[_NOTHING] = 1 - vector[:3].max()
        return vector

    def _unit(self, rows: list[Vectors]) -> Vectors:
        stacked = np.array(rows, np.float32).reshape(len(rows), self.dimension)
        return stacked / np.linalg.norm(stacked, axis=1, keepdims=True)
