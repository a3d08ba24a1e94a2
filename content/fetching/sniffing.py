"""Whether bytes begin as a picture does. Decodes nothing: the loader has the last word."""

import re
from typing import Final

from content.errors import NotAnImage
from content.refusals import looks_like

ENOUGH: Final = 16  # bytes
_STARTS: Final = re.compile(
    rb"\xff\xd8\xff"  # JPEG
    rb"|\x89PNG\r\n\x1a\n"
    rb"|GIF8[79]a"
    rb"|RIFF....WEBP"
    rb"|BM"
    rb"|II[*+]\0|MM\0[*+]"  # TIFF, BigTIFF
    rb"|....ftyp",  # HEIF, AVIF
    re.DOTALL,
)


def check_start(data: bytes) -> None:
    """data: the first bytes, ENOUGH of them or all there are. Raises NotAnImage, of which no byte is a part."""
    if _STARTS.match(data) is None:
        found = looks_like(data) or "something else"
        raise NotAnImage(f"behind the URL is {found}, not a picture that can be read")
