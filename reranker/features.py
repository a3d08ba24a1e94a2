"""The seam between the vision tower and what remembers its output. Knows no model and no files."""

from typing import Protocol

from torch import Tensor


class FeatureStore(Protocol):
    """Remembers what the vision tower made of a picture; safe to use from several threads.

    A store may forget at any time and never raises: what it cannot keep or find is computed again.
    """

    def get(self, key: bytes) -> Tensor | None:
        """The features under the key, equal to the last bit to those that were put; None where there are none.

        They are shared with other callers: never change them in place.
        """

    def put(self, key: bytes, features: Tensor) -> None:
        """Offers features to keep: (tokens, hidden), on the CPU, bf16, fp16 or fp32.

        key: 16 bytes that differ whenever picture or pixel budget do. Returns at once; what is kept is a copy.
        """
