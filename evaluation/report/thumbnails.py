"""Pictures made so small that a page can hold them, and no more of them than it has room for. Knows no HTML."""

from base64 import b64encode
from io import BytesIO

from PIL import Image, ImageOps

SIDE = 128
"""Pixels of the longer side at most."""

ROOM = 4 * 2**20
"""Characters of all data URIs of a page together: ten queries in each of three lists, a dozen pictures of 2 to 4 kB
each, are about a third of that."""


class Thumbnails:
    """Makes data URIs until the room is used up. room: in characters."""

    def __init__(self, room: int = ROOM) -> None:
        self._left = room

    def uri(self, image: Image.Image) -> str | None:
        """The picture as WebP, no side longer than `SIDE`; None where there is no room left for it."""
        small = ImageOps.contain(image, (SIDE, SIDE)) if max(image.size) > SIDE else image
        buffer = BytesIO()
        small.save(buffer, "WEBP", quality=75)
        uri = f"data:image/webp;base64,{b64encode(buffer.getvalue()).decode()}"
        if len(uri) > self._left:
            return None
        self._left -= len(uri)
        return uri
