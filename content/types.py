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
    focus: the characters [start, stop) of `text` that matter most; a model that cannot read all of the text reads them
        and what is next to them. None means its beginning. It is a part of the content: two that differ in it alone
        may be judged differently, and are not equal.

    Raises InvalidInput when there is neither text nor image, and for a focus that is no piece of the text.
    """

    text: str | None = None
    image: Image.Image | None = None
    focus: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.text is not None and not self.text.strip():
            object.__setattr__(self, "text", None)
        if self.image is not None:
            object.__setattr__(self, "image", to_rgb(self.image))
        if self.text is None and self.image is None:
            raise InvalidInput("a content needs a text, an image or both, and this one has neither")
        if self.focus is not None:
            self._check_focus(*self.focus)

    @property
    def kind(self) -> Kind:
        if self.image is None:
            return "text"
        return "image" if self.text is None else "mixed"

    def _check_focus(self, start: int, stop: int) -> None:
        length = len(self.text or "")
        if not 0 <= start < stop <= length:
            raise InvalidInput(
                f"a focus is characters [start, stop) of the text, which has {length:,}; [{start:,}, {stop:,}) is none",
                param="focus",
            )


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that stands in a batch but could not be read; it is answered with score 0.0 and this reason."""

    reason: str


Document = Content | Unreadable
