"""What callers search with and store, and how it is written in JSON. Opens no files and fetches no URLs."""

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol, runtime_checkable

_PNG_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I", "I;16"})
_ALLOWED = "a picture is the bytes of its file, a PIL image, a data URI (data:image/png;base64,...) or an http(s) URL"


@runtime_checkable
class PilImage(Protocol):
    """What is used of a PIL image, so that callers without Pillow need none."""

    @property
    def mode(self) -> str: ...

    def convert(self, mode: str, /) -> "PilImage": ...

    def save(self, fp: BinaryIO, format: str, /) -> None: ...


AnyImage = bytes | str | PilImage


@dataclass(frozen=True, slots=True)
class Content:
    """A text, a picture or both.

    image: the bytes of a picture's file, a PIL image, a data URI, or an http(s) URL where the server fetches those.
    """

    text: str | None = None
    image: AnyImage | None = None

    def __post_init__(self) -> None:
        if self.text is None and self.image is None:
            raise ValueError("a content needs a text, an image or both")

    def as_json(self) -> dict[str, str]:
        """Raises ValueError for an image that is none of those above, a path for one."""
        text = {} if self.text is None else {"text": self.text}
        return text if self.image is None else {**text, "image": image_as_json(self.image)}


@dataclass(frozen=True, slots=True)
class Item:
    """What is stored. id: None has the server make one from the content. metadata: strings, numbers, booleans, null and
    lists of these."""

    id: str | None = None
    text: str | None = None
    image: AnyImage | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        name = {} if self.id is None else {"id": self.id}
        return {**name, **Content(self.text, self.image).as_json(), "metadata": dict(self.metadata)}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as the server keeps it. data: the bytes of its file."""

    data: bytes
    media_type: str

    @property
    def data_uri(self) -> str:
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode()}"


def content_as_json(content: str | Content) -> str | dict[str, str]:
    return content if isinstance(content, str) else content.as_json()


def image_as_json(image: AnyImage) -> str:
    """A data URI, base64 or URL. Raises ValueError for a string that is none, TypeError for what is no picture."""
    if isinstance(image, str):
        return _named(image)
    if isinstance(image, bytes | bytearray | memoryview):
        return base64.b64encode(image).decode()
    if isinstance(image, PilImage):
        return base64.b64encode(_png(image)).decode()
    raise TypeError(f"{_ALLOWED}; got {type(image).__name__}")


def _named(image: str) -> str:
    if image[:8].lower().startswith(("data:", "http://", "https://")):
        return image
    raise ValueError(f"{_ALLOWED}; got the string {image[:60]!r}. A file is not read by its path: give its bytes")


def _png(image: PilImage) -> bytes:
    buffer = io.BytesIO()
    (image if image.mode in _PNG_MODES else image.convert("RGB")).save(buffer, "PNG")
    return buffer.getvalue()
