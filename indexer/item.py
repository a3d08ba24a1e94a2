"""What a collection keeps: an id, a content in stored form, and metadata."""

from collections.abc import Mapping
from dataclasses import dataclass, field

JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the form in which it is stored and served: JPEG, PNG or WebP bytes."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a collection, as read back from it. The picture itself is read apart: it is large."""

    id: str
    text: str | None
    has_image: bool
    metadata: Mapping[str, JsonValue] = field(default_factory=dict)
