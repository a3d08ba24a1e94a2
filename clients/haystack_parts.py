"""What Haystack's components share: the connection that a YAML file keeps, and what of their inputs is sent."""

import base64
from typing import Any, Self

from haystack import Document, default_from_dict, default_to_dict
from haystack.dataclasses import ByteStream, ImageContent
from haystack.utils import Secret, deserialize_secrets_inplace

from clients.content import Content
from clients.lychee import LycheeClient


class Connected:
    """What both components have: an address, a key, and options that a YAML file keeps."""

    def connect(self, url: str, api_key: Secret | None, timeout: float, options: dict[str, Any]) -> None:
        """No `__init__`, for `super()` does not work in a class that `@component` has made anew."""
        self._kept = {"url": url, "timeout": timeout, **options}
        self._api_key = api_key
        self.client = LycheeClient(url, None if api_key is None else api_key.resolve_value(), timeout=timeout)

    def to_dict(self) -> dict[str, Any]:
        return default_to_dict(self, api_key=self._api_key and self._api_key.to_dict(), **self._kept)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        deserialize_secrets_inplace(data["init_parameters"], keys=["api_key"])
        return default_from_dict(cls, data)


def query_of(text: str, image: ByteStream | ImageContent | None) -> str | Content:
    if image is None:
        return text
    data = image.data if isinstance(image, ByteStream) else base64.b64decode(image.base64_image)
    return Content(text or None, data)


def content_of(document: Document) -> Content:
    blob = document.blob
    kind = None if blob is None else blob.mime_type or "image/unknown"  # of which the server says whether it is one
    data = blob.data if blob is not None and kind is not None and kind.startswith("image/") else None
    return Content(document.content or ("" if data is None else None), data)
