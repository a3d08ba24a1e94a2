"""Which picture format bytes are, by their first bytes alone; and when they are none, what they look like instead."""

from collections.abc import Callable, Mapping
from typing import Final, Literal

from content.containers import bmp, gif, isobmff, jpeg, png, tiff, webp
from content.containers.clean import Clean
from content.errors import NotAnImage

Format = Literal["JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF", "HEIC", "AVIF"]

CLEANERS: Final[Mapping[Format, Callable[[bytes], Clean]]] = {
    "JPEG": jpeg.clean,
    "PNG": png.clean,
    "WebP": webp.clean,
    "GIF": gif.clean,
    "BMP": bmp.clean,
    "TIFF": tiff.clean,
    "HEIC": isobmff.clean,
    "AVIF": isobmff.clean,
}

ACCEPTED: Final = "JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC and AVIF"

_PREFIXES: Final[Mapping[bytes, Format]] = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
}
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1"})

_OTHERS: Final[Mapping[bytes, str]] = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\x00\x00\x01\x00": "an icon file",
    b"8BPS": "a Photoshop file",
    b"\xff\x0a": "a JPEG XL picture",
    b"\x00\x00\x00\x0cJXL ": "a JPEG XL picture",
    b"\x00\x00\x00\x0cjP  ": "a JPEG 2000 picture",
    b"\x1f\x8b": "a gzip file",
}


def identify(data: bytes) -> Format:
    """The format, not yet known to be sound. Raises NotAnImage, saying what the bytes look like."""
    for prefix, name in _PREFIXES.items():
        if data.startswith(prefix):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if bmp.looks_like_bmp(data):
        return "BMP"
    brands = isobmff.brands(data)
    if not _AVIF_BRANDS.isdisjoint(brands):
        return "AVIF"
    if not _HEIC_BRANDS.isdisjoint(brands):
        return "HEIC"
    raise NotAnImage(f"this is {looks_like(data)}, not a picture; pictures are read as {ACCEPTED}")


def looks_like(data: bytes) -> str:
    """What a person would call bytes that are no picture."""
    if not data:
        return "empty (0 bytes)"
    for prefix, name in _OTHERS.items():
        if data.startswith(prefix):
            return name
    if data[4:8] == b"ftyp":
        return "a film"
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start:
        return "an SVG drawing"
    if start.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    return "text" if _is_text(data[:1024]) else "in an unknown format"


def _is_text(start: bytes) -> bool:
    try:
        text = start.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(start) - 3:  # not just a character that the cut went through
            return False
        text = start[: error.start].decode("utf-8")
    return all(character.isprintable() or character in "\t\r\n\f" for character in text)
