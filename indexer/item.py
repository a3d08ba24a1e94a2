"""What a collection keeps: an id, a content in stored form, and metadata."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]
PassageSource = Literal["text", "ocr"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the form in which it is stored and served: JPEG, PNG or WebP bytes."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an item's writing: the characters [start, stop) of its text, or of what was read off its picture."""

    source: PassageSource
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a collection, as read back from it. The picture itself is read apart: it is large.

    ocr: what was read off the picture; None where nobody looked, "" where nothing stood there.
    """

    id: str
    text: str | None
    has_image: bool
    metadata: Mapping[str, JsonValue] = field(default_factory=dict)
    ocr: str | None = None

    def passage(self, passage: Passage) -> str:
        """The words of a passage of this item; "" where it is no longer there."""
        return ((self.text if passage.source == "text" else self.ocr) or "")[passage.start : passage.stop]
