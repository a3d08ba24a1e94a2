"""What is searched and what is searched for: text, a picture, or both. Knows nothing of where they came from."""

from dataclasses import dataclass
from typing import Literal

from PIL import Image

from content.errors import InvalidInput
from content.images import to_rgb

Kind = Literal["text", "image", "mixed"]
Target = Literal["any", "image", "text"]
"""What is searched for a query: pictures, texts or both."""


@dataclass(frozen=True, slots=True)
class Content:
    """Text, a picture, or both; at least one of the two.

    text: any string; one of white space only counts as absent and is stored as None.
    image: any PIL image; kept in mode RGB, with EXIF rotation applied and transparency laid on white.

    Raises InvalidInput when there is neither text nor image.
    """

    text: str | None = None
    image: Image.Image | None = None

    def __post_init__(self) -> None:
        if self.text is not None and not self.text.strip():
            object.__setattr__(self, "text", None)
        if self.image is not None:
            object.__setattr__(self, "image", to_rgb(self.image))
        if self.text is None and self.image is None:
            raise InvalidInput("a content needs a text, an image or both, and this one has neither")

    @property
    def kind(self) -> Kind:
        if self.image is None:
            return "text"
        return "image" if self.text is None else "mixed"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that stands in a batch but could not be read; it is answered with score 0.0 and this reason."""

    reason: str


Document = Content | Unreadable
