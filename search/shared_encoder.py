"""An encoder that several threads may use, because its passes run on the device worker. Knows no model."""

from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

import numpy as np
from PIL import Image

from indexer.protocols import Encoder, Vectors
from search.worker import Lane

BATCH_SIZE: Final = 64

Given = TypeVar("Given")


class SharedEncoder:
    """The Encoder given, with every pass on one request's lane.

    batch_size: texts or pictures of a pass; other requests get the device in between.
    """

    def __init__(self, encoder: Encoder, lane: Lane, batch_size: int = BATCH_SIZE) -> None:
        self._encoder = encoder
        self._lane = lane
        self._batch_size = batch_size

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    @property
    def fingerprint(self) -> str:
        return self._encoder.fingerprint

    @property
    def max_text_tokens(self) -> int:
        return self._encoder.max_text_tokens

    def count_tokens(self, texts: list[str]) -> list[int]:
        """On the caller's thread: it takes no device."""
        return self._encoder.count_tokens(texts)

    def encode_texts(self, texts: list[str]) -> Vectors:
        return self._in_batches(self._encoder.encode_texts, texts)

    def encode_images(self, images: list[Image.Image]) -> Vectors:
        return self._in_batches(self._encoder.encode_images, images)

    def _in_batches(self, encode: Callable[[list[Given]], Vectors], given: list[Given]) -> Vectors:
        """(n, d), also for n = 0."""
        starts = range(0, max(1, len(given)), self._batch_size)
        batches = [given[start : start + self._batch_size] for start in starts]
        return np.concatenate([self._lane.run(partial(encode, batch)) for batch in batches])
