"""A content as JSON carries it: a string, or an object with `text`, `image` or both. Knows nothing of HTTP or files: an
image is a data URI, base64 or a URL, never a path, and a string is always text, whatever it looks like."""

import re
from collections.abc import Mapping
from typing import Final

from content.data_uri import decode_data_uri_or_base64
from content.errors import InvalidInput
from content.images import load_image
from content.limits import DEFAULT_LIMITS, ImageLimits
from content.sources import ImageSource, RefusingImageSource
from content.types import Content, Document, Unreadable

_SCHEME: Final = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def parse_content(
    value: object, *, param: str, images: ImageSource | None = None, limits: ImageLimits = DEFAULT_LIMITS
) -> Content:
    """value: decoded JSON. param: the field it stood in (`query`), which errors name (`query.image`).

    Raises InvalidInput (wrong type, unknown key, neither text nor image, text that is not Unicode, wrong base64),
    TooLarge, NotAnImage, UrlRefused.
    """
    return _content(*_fields(value, param), param, images, limits)


def parse_document(
    value: object, *, param: str, images: ImageSource | None = None, limits: ImageLimits = DEFAULT_LIMITS
) -> Document:
    """As `parse_content`, but a picture that cannot be had or read gives Unreadable, so that one document does not fail
    the batch it stands in. What is wrong in form (types, keys, text) still raises InvalidInput."""
    text, image = _fields(value, param)
    try:
        return _content(text, image, param, images, limits)
    except InvalidInput as error:
        return Unreadable(error.message)


def image_bytes(
    image: str, *, param: str, images: ImageSource | None = None, limits: ImageLimits = DEFAULT_LIMITS
) -> bytes:
    """The picture file in a data URI, in base64 or behind a URL, not yet looked at. Raises InvalidInput and its kin."""
    scheme = _SCHEME.match(image)
    if scheme is None or scheme[1].lower() == "data":
        return decode_data_uri_or_base64(image, param=param, limits=limits)
    if scheme[1].lower() not in ("http", "https"):
        raise InvalidInput(f"`{scheme[1]}:` is not read; send a data URI, base64 or an http(s) URL", param=param)
    try:
        return (images or RefusingImageSource()).fetch(image.strip())
    except InvalidInput as error:
        error.param = param
        raise


def _fields(value: object, param: str) -> tuple[str | None, str | None]:
    """Text and image, neither of them looked into; at least one is there."""
    if isinstance(value, str):
        value = {"text": value}
        text_param = param
    elif isinstance(value, Mapping):
        text_param = f"{param}.text"
    else:
        raise InvalidInput("send a string, or an object with `text`, `image` or both", param=param)
    unknown = sorted(str(key) for key in value if key not in ("text", "image"))
    if unknown:
        raise InvalidInput(f"unknown field `{unknown[0]}`; `text` and `image` are known", param=f"{param}.{unknown[0]}")
    text, image = _string(value.get("text"), text_param), _string(value.get("image"), f"{param}.image")
    if (text is None or not text.strip()) and image is None:
        raise InvalidInput("there is neither a text nor an image in it; give one or both", param=param)
    return text, image


def _string(value: object, param: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidInput("this must be a string", param=param)
    return checked_text(value, param=param)


def checked_text(text: str, *, param: str | None = None) -> str:
    """The text as it is. Raises InvalidInput for what cannot be stored or tokenised: NUL, and halves of characters."""
    if "\0" in text:
        raise InvalidInput("this contains a NUL character", param=param)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidInput("this contains half a character (a lone surrogate)", param=param) from error
    return text


def _content(
    text: str | None, image: str | None, param: str, images: ImageSource | None, limits: ImageLimits
) -> Content:
    if image is None:
        return Content(text=text)
    param = f"{param}.image"
    data = image_bytes(image, param=param, images=images, limits=limits)
    return Content(text=text, image=load_image(data, limits=limits, param=param))
