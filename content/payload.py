"""A content as JSON carries it: a text, an image, or both, each a string. Knows nothing of HTTP or files: an image is a
data URI, base64 or a URL, never a path, and a text is always text, whatever it looks like."""

import re
from collections.abc import Callable
from typing import Final

from PIL import Image

from content.data_uri import decode_data_uri_or_base64
from content.errors import InvalidInput
from content.images import load_image
from content.limits import DEFAULT_LIMITS, ImageLimits
from content.sources import ImageSource, RefusingImageSource
from content.types import Content, Document, Unreadable

_SCHEME: Final = re.compile(r"\s*([a-z][a-z0-9+.-]{0,63}):", re.IGNORECASE)


def read_content(
    text: str | None,
    image: str | bytes | None,
    *,
    param: str,
    images: ImageSource | None = None,
    limits: ImageLimits = DEFAULT_LIMITS,
    look: Callable[[bytes, str], Image.Image] | None = None,
) -> Content:
    """param: the field both stood in (`query`), which errors name (`query.image`). look: makes a picture of bytes that
    stood in a field; None takes `load_image`.

    Raises InvalidInput (neither text nor image, text that is not Unicode, wrong base64), TooLarge, NotAnImage,
    UrlRefused.
    """
    if image is None and not (text and text.strip()):
        raise InvalidInput("there is neither a text nor an image in it; give one or both", param=param)
    if text is not None:
        checked_text(text, param=f"{param}.text")
    if image is None:
        return Content(text=text)
    param = f"{param}.image"
    data = image_bytes(image, param=param, images=images, limits=limits)
    picture = load_image(data, limits=limits, param=param) if look is None else look(data, param)
    return Content(text=text, image=picture)


def read_document(
    text: str | None, image: str | None, *, images: ImageSource | None = None, limits: ImageLimits = DEFAULT_LIMITS
) -> Document:
    """As `read_content`, but what cannot be had or read gives Unreadable, so that one document does not fail the batch
    it stands in."""
    try:
        return read_content(text, image, param="document", images=images, limits=limits)
    except InvalidInput as error:
        return Unreadable(error.message)


def image_bytes(
    image: str | bytes, *, param: str, images: ImageSource | None = None, limits: ImageLimits = DEFAULT_LIMITS
) -> bytes:
    """The picture file itself, in a data URI, in base64 or behind a URL, not yet looked at. Raises InvalidInput and its
    kin."""
    if isinstance(image, bytes):
        limits.check_bytes(len(image), param)
        return image
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


def checked_text(text: str, *, param: str | None = None) -> str:
    """The text as it is. Raises InvalidInput for what cannot be stored or tokenised: NUL, and halves of characters."""
    if "\0" in text:
        raise InvalidInput("this contains a NUL character", param=param)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidInput("this contains half a character (a lone surrogate)", param=param) from error
    return text
