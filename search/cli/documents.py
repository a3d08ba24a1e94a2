"""Queries and documents as the command line gets them: texts, picture files, and JSONL files of both. Knows nothing of
models. The files that are read here are named by the person at the keyboard, never by a request."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from content import Content, Document, Unreadable
from content.data_uri import decode_data_uri_or_base64
from content.errors import InvalidInput, LycheeError, NotFound
from content.files import read_image_file
from content.images import load_image
from content.limits import ImageLimits
from content.payload import checked_text


@dataclass(frozen=True, slots=True)
class Given:
    """A document before it is read.

    image: a path under `root`, or a data URI. problem: why it cannot be read, where that is known already.
    """

    text: str | None = None
    image: str | None = None
    root: Path = Path("/")
    problem: str | None = None

    @property
    def image_label(self) -> str | None:
        """The picture by name; a data URI would fill the screen."""
        return "[image]" if self.image and self.image.startswith("data:") else self.image

    @property
    def label(self) -> str:
        """How it is shown: its picture by name, and its text."""
        return " ".join(part for part in (self.image_label, self.text) if part)


def read_query(text: str | None, image: Path | None, limits: ImageLimits) -> Content:
    """Raises InvalidInput when there is neither, and what reading the picture raises."""
    if image is None and not (text and text.strip()):
        raise InvalidInput("the query is empty; give a text, --image, or both", param="query")
    picture = None if image is None else _picture(str(image.absolute()), Path("/"), limits)
    return Content(text=text, image=picture)


def given_on_command_line(texts: Sequence[str], images: Sequence[Path]) -> list[Given]:
    return [*(Given(text=text) for text in texts), *(Given(image=str(image.absolute())) for image in images)]


def given_in_file(path: Path) -> list[Given]:
    """One document for every line that is not empty; a line that is wrong becomes one with a problem.

    Raises NotFound, or InvalidInput for a file that cannot be read as text.
    """
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except FileNotFoundError as error:
        raise NotFound(f"there is no file {path}", param="--input") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"the file {path} cannot be read: {error}", param="--input") from error
    return list(_given_lines(lines, path.absolute().parent))


def read_document(given: Given, limits: ImageLimits) -> Document:
    """The document, or Unreadable with the reason."""
    if given.problem is not None:
        return Unreadable(given.problem)
    try:
        text = None if given.text is None else checked_text(given.text)
        image = None if given.image is None else _picture(given.image, given.root, limits)
        return Content(text=text, image=image)
    except LycheeError as error:
        return Unreadable(error.message)


def _given_lines(lines: Sequence[str], root: Path) -> Iterator[Given]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _given_line(line, root)
            except (ValueError, RecursionError, InvalidInput) as error:
                yield Given(problem=f"line {number}: {error}")


def _given_line(line: str, root: Path) -> Given:
    """Raises ValueError or InvalidInput for what is no document."""
    value = json.loads(line)
    if isinstance(value, str):
        value = {"text": value}
    if not isinstance(value, dict) or not value.keys() <= {"text", "image"}:
        raise ValueError("give a string, or an object with text, image or both and nothing else")
    if not all(field is None or isinstance(field, str) for field in value.values()):
        raise ValueError("text and image are strings")
    for field in filter(None, value.values()):
        checked_text(field)
    return Given(text=value.get("text"), image=value.get("image"), root=root)


def _picture(image: str, root: Path, limits: ImageLimits) -> Image.Image:
    if image.startswith("data:"):
        data = decode_data_uri_or_base64(image, param=None, limits=limits)
    else:
        data = read_image_file(image, root, limits)
    return load_image(data, limits=limits)
