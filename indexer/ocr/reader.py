"""The seam between the build and whatever reads text off pictures."""

from collections.abc import Sequence
from typing import Protocol

from PIL import Image


class TextReader(Protocol):
    """Reads the text that stands in pictures. Safe to use from several threads."""

    def read(self, images: Sequence[Image.Image]) -> list[str]:
        """What stands in each picture, in their order: its lines, first to last, or "" where nothing stands.

        Raises ModelError when one of them cannot be looked at.
        """
