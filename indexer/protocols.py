"""The two seams of stage 1: what turns contents into vectors, and what finds the nearest of them."""

from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Vectors = NDArray[np.float32]  # (n, d)
Keys = NDArray[np.int64]  # (n,)
Channel = Literal["image", "text"]
CHANNELS: tuple[Channel, ...] = ("image", "text")


@runtime_checkable
class Encoder(Protocol):
    """Maps texts and pictures into one space of `dimension` d; rows have unit length, so inner product is cosine."""

    @property
    def name(self) -> str:
        """What to write into a setting to get this encoder again (`ViT-B-16-SigLIP2-256/webli`, a folder)."""

    @property
    def dimension(self) -> int: ...

    @property
    def fingerprint(self) -> str:
        """A hash of configuration and weights: two encoders with one fingerprint give the same vectors."""

    @property
    def max_text_tokens(self) -> int: ...

    def count_tokens(self, texts: list[str]) -> list[int]:
        """How many tokens each text takes, special tokens included, at most `max_text_tokens`: a text that takes as
        many may have been cut. Needs no device."""

    def encode_texts(self, texts: list[str]) -> Vectors:
        """(n, d) float32, rows of unit length, in the order of `texts`; `[]` gives (0, d)."""

    def encode_images(self, images: list[Image.Image]) -> Vectors:
        """(n, d) float32, rows of unit length, in the order of `images`; `[]` gives (0, d)."""


class VectorIndex(Protocol):
    """Vectors under int64 keys, searched by inner product."""

    def __len__(self) -> int: ...

    def keys(self) -> Keys:
        """All keys in the index, in no particular order."""

    def add(self, keys: Keys, vectors: Vectors) -> None:
        """keys (n,), new to the index; vectors (n, d)."""

    def remove(self, keys: Keys) -> None:
        """Keys that are not in the index are passed over."""

    def search(self, vectors: Vectors, k: int, allowed: Keys | None = None) -> tuple[Keys, Vectors]:
        """The k nearest of each row: keys (n, k) and inner products (n, k), best first.

        Where fewer than k are there, the rest of a row is key -1 and score -inf. `allowed` limits the search to
        those keys; they are ascending, and most of them may be in other indexes.
        """
