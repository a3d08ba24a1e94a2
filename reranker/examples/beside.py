"""Examples carried to another file: the pictures that they name are found from there too. Knows nothing of what a
picture shows."""

import os
from hashlib import sha256
from pathlib import Path
from typing import Final

from content.errors import InvalidInput
from content.files import resolve_under
from reranker.examples.contents import Contents, is_data_uri
from reranker.examples.example import Example, Side

_SUFFIXES: Final = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
_PLAIN: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".avif"})
_NAME_LENGTH: Final = 32


class PictureFolder:
    """The folder `OUT.pictures` beside a file OUT of examples; each picture lies in it once, by its digest.

    It is made when the first picture comes.
    """

    def __init__(self, output: Path) -> None:
        self._folder = output.parent / f"{output.name}.pictures"

    def keep(self, data: bytes, suffix: str) -> str:
        """The path of the picture as the file's examples name it. suffix: with its dot, or a media type.

        Raises InvalidInput where it cannot be written.
        """
        ending = _SUFFIXES.get(suffix, suffix.lower() if suffix.lower() in _PLAIN else "")
        path = self._folder / f"{sha256(data).hexdigest()[:_NAME_LENGTH]}{ending}"
        if not path.exists():
            self._write(path, data)
        return f"{self._folder.name}/{path.name}"

    def _write(self, path: Path, data: bytes) -> None:
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            self._folder.mkdir(exist_ok=True)
            temporary.write_bytes(data)
            temporary.replace(path)
        except OSError as error:
            raise InvalidInput(f"{path} cannot be written: {error.strerror}", param="--output") from error


class Carried:
    """Examples of one file as another file, `output`, has to write them.

    A picture that lies below the output's folder is named from there, any other is copied into its `PictureFolder`.
    """

    def __init__(self, contents: Contents, output: Path) -> None:
        self._contents = contents
        self._root = output.absolute().parent.resolve()
        self._pictures = PictureFolder(output)
        self._known: dict[str, str] = {}

    def example(self, example: Example) -> Example:
        """Raises NotFound or InvalidInput for a picture that has to be copied and cannot be read."""
        sides = self.side(example.query), self.side(example.document)
        return Example(example.instruction, *sides, example.score, example.line)

    def side(self, side: Side) -> Side:
        """As `example`, for one side."""
        if side.image is None or is_data_uri(side.image):
            return side
        if side.image not in self._known:
            self._known[side.image] = self._named(side)
        return Side(side.text, self._known[side.image])

    def _named(self, side: Side) -> str:
        image = side.image or ""
        here = resolve_under(image, self._contents.folder, param="image")
        if here.is_relative_to(self._root):
            return here.relative_to(self._root).as_posix()
        return self._pictures.keep(self._contents.picture_bytes(side), here.suffix)
