"""A JPEG as Pillow reads it, but for what its metadata point at. Knows nothing of pixels."""

from typing import Final

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

START: Final = b"\xff\xd8\xff"


class PlainJpeg(JpegImageFile):
    """Pillow reads every tag of EXIF for a resolution that nobody asks for, and opens a file of several pictures, of
    which the first is wanted, by every tag of an index. EXIF stays in `info`; `getexif` is empty."""

    def getexif(self) -> Image.Exif:
        return Image.Exif()
