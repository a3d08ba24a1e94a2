"""The sides of examples as contents, their pictures read from beside the file that names them. Knows no model."""

from pathlib import Path

from content import Content, Document, Unreadable
from content.data_uri import decode_data_uri_or_base64
from content.errors import LycheeError
from content.files import read_image_file
from content.images import load_image
from content.limits import DEFAULT_LIMITS, ImageLimits
from reranker.examples.example import Side


class Contents:
    """Reads what the sides of one file's examples stand for. folder: that of the file; pictures lie below it."""

    def __init__(self, folder: Path, limits: ImageLimits = DEFAULT_LIMITS) -> None:
        self.folder = folder
        self._limits = limits

    def content(self, side: Side, param: str | None = None) -> Content:
        """Raises NotFound or InvalidInput for a picture that is not there, leads out of the folder, or is none."""
        picture = None
        if side.image is not None:
            picture = load_image(self.picture_bytes(side, param), limits=self._limits, param=param)
        return Content(side.text, picture)

    def document(self, side: Side) -> Document:
        """As `content`, but what cannot be read is Unreadable, with the reason."""
        try:
            return self.content(side)
        except LycheeError as error:
            return Unreadable(error.message)

    def picture_bytes(self, side: Side, param: str | None = None) -> bytes:
        """The side's picture file, not yet looked at; b"" for a side without one. Raises as `content`."""
        if side.image is None:
            return b""
        if is_data_uri(side.image):
            return decode_data_uri_or_base64(side.image, param=param, limits=self._limits)
        return read_image_file(side.image, self.folder, self._limits, param=param)


def is_data_uri(image: str) -> bool:
    return image.lower().startswith("data:")
