"""Why bytes were refused as a picture, in a sentence for the person who sent them. Decodes nothing."""

from codecs import getincrementaldecoder
from typing import Final

from PIL import UnidentifiedImageError

from content.errors import InvalidInput, NotAnImage, TooLarge, TruncatedImage

_ACCEPTED: Final = "pictures are read as JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC and AVIF"
_STARTS: Final = {b"%PDF": "a PDF", b"PK\x03\x04": "a ZIP archive or an office document", b"\x1f\x8b": "a gzip file"}


def refusal(data: bytes, error: Exception, param: str | None) -> InvalidInput:
    """TooLarge, TruncatedImage or NotAnImage. error: what Pillow raised over the bytes."""
    if isinstance(error, MemoryError):
        return TooLarge("the picture needs more memory than there is", param=param)
    impostor = looks_like(data)
    if impostor is not None:
        return NotAnImage(f"this is {impostor}, not a picture; {_ACCEPTED}", param=param)
    if isinstance(error, UnidentifiedImageError):
        return NotAnImage(f"this is cut short, damaged or in an unknown format; {_ACCEPTED}", param=param)
    if any(word in str(error).lower() for word in ("truncated", "end of file")):
        return TruncatedImage("the picture ends too early: it is cut short or damaged", param=param)
    return NotAnImage("the picture is cut short, damaged or of a kind that cannot be read", param=param)


def looks_like(data: bytes) -> str | None:
    """What a person would call the bytes; None where that cannot be told, as of damaged pictures."""
    if not data:
        return "empty (0 bytes)"
    for start, name in _STARTS.items():
        if data.startswith(start):
            return name
    text = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in text:
        return "an SVG drawing"
    if text.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    return "text" if _is_text(data[:1024]) else None


def _is_text(start: bytes) -> bool:
    try:
        text = getincrementaldecoder("utf-8")().decode(start)  # its end may go through a character
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character.isspace() for character in text)
