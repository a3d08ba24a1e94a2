"""What a reviewer sees: queries with two lists each, and nothing that says whose they are. Knows no names of judges."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Final

from PIL import Image

from content import Content, Document, Unreadable
from content.errors import LycheeError
from evaluation.review.choice import Chosen
from reranker.instructions import INSTRUCTIONS

_PIXELS: Final = 420  # of a picture's longer side: enough to count what is on it, and 300 of them stay a small file


@dataclass(frozen=True, slots=True)
class Shown:
    """A query or a document. picture: its place among the sheet's. unread: it could not be read."""

    text: str | None = None
    picture: int | None = None
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """id: its number, from "1". task: the instruction in its own words; "" for a default. left, right: best first."""

    id: str
    task: str
    query: Shown
    left: tuple[Shown, ...]
    right: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """id: made of all that is shown, and of nothing else. pictures: data URIs, in the order in which they are seen
    first."""

    id: str
    cards: tuple[Card, ...]
    pictures: tuple[str, ...]


def make_sheet(chosen: Sequence[Chosen], instruction: str | None = None) -> Sheet:
    """Reads all that is shown. What cannot be read is shown as that, on whichever side it stands.

    instruction: that both were given instead of the questions' own.
    """
    album = _Album()
    cards = tuple(_card(str(number), one, instruction, album) for number, one in enumerate(chosen, start=1))
    pictures = tuple(album.pictures)
    told = json.dumps([[asdict(card) for card in cards], pictures])
    return Sheet(hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16], cards, pictures)


class _Album:
    """The pictures of a sheet, each once."""

    def __init__(self) -> None:
        self.pictures: dict[str, int] = {}

    def shown(self, content: Document) -> Shown:
        if isinstance(content, Unreadable):
            return Shown(unread=True)
        picture = None
        if content.image is not None:
            picture = self.pictures.setdefault(thumbnail(content.image), len(self.pictures))
        return Shown(content.text, picture)


def _card(id: str, one: Chosen, instruction: str | None, album: _Album) -> Card:
    left, right = (
        tuple(album.shown(one.section.reads.document(one.question, each)) for each in side) for side in one.sides
    )
    task = (instruction or one.question.instruction).strip()
    return Card(id, INSTRUCTIONS.get(task, task), album.shown(query_of(one)), left, right)


def query_of(one: Chosen) -> Document:
    """The query, or Unreadable."""
    try:
        content: Content = one.section.reads.query(one.question)
    except LycheeError as error:
        return Unreadable(error.message)
    return content


def thumbnail(image: Image.Image) -> str:
    """A small copy as a data URI, with nothing of what its file said beside the pixels."""
    small = image.convert("RGB")
    small.thumbnail((_PIXELS, _PIXELS))
    buffer = BytesIO()
    small.save(buffer, "WEBP", quality=82)
    return f"data:image/webp;base64,{b64encode(buffer.getvalue()).decode()}"
