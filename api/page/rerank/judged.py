"""A ranking that a visitor looks at, as it is kept while they do: what was brought, in short, and how it was judged.
Holds no decoded picture. Knows no HTML."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image

from api.page.plain import plain
from api.page.rerank.documents import Brought
from content.stored import stored_picture
from indexer.item import JsonValue
from reranker.ranking import Ranking

_THUMBNAIL_PIXELS: Final = 112 * 112
_LONGEST_TEXT: Final = 2000  # a table that is downloaded has texts of this length
_MOST_COLUMNS: Final = 20
_CODE_CHARACTERS: Final = 20_000
_CODE_DOCUMENTS: Final = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """A document. name: "" for a text that was typed. thumbnail: a data URI, "" where there is no picture that could be
    read."""

    name: str
    text: str
    has_picture: bool
    thumbnail: str
    metadata: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Judged:
    """ranking: uncut. seconds: that judging took. body: what /rerank_batch takes for the same, short of documents where
    they are many; without documents where the first is too long."""

    documents: Sequence[Kept]
    ranking: Ranking
    model: str
    seconds: float
    body: Mapping[str, Any]

    @property
    def judged(self) -> int:
        return sum(entry.judgement.error is None for entry in self.ranking.entries)

    def labels(self) -> list[str]:
        """For each document, in the order of the input, one line that tells it from the others."""
        return [" ".join(part for part in (each.name, each.text) if part) for each in self.documents]


class Thumbnails:
    """Made of pictures as they are read, on whichever thread; one that was not read has none."""

    def __init__(self) -> None:
        self._made: dict[int, str] = {}

    def see(self, place: int, picture: Image.Image) -> None:
        data, media_type = stored_picture(picture, _THUMBNAIL_PIXELS)
        self._made[place] = f"data:{media_type};base64,{base64.b64encode(data).decode()}"

    def of(self, place: int) -> str:
        return self._made.get(place, "")


def kept(documents: Sequence[Brought], thumbnails: Thumbnails) -> list[Kept]:
    return [
        Kept(plain(each.name, 200), plain(each.text, _LONGEST_TEXT), each.has_picture, thumbnails.of(place), _few(each))
        for place, each in enumerate(documents)
    ]


def _few(document: Brought) -> dict[str, JsonValue]:
    """Metadata that is short enough to be shown beside the document."""
    items = list(document.metadata.items())[:_MOST_COLUMNS]
    return {
        plain(name, 60): plain(str(value), 200) if isinstance(value, str) else value
        for name, value in items
        if len(str(value)) <= _LONGEST_TEXT
    }


def short_enough(documents: Sequence[Brought]) -> list[str | Mapping[str, Any]]:
    """The first documents as code names them, as many as a reader would copy."""
    left, taken = _CODE_CHARACTERS, []
    for document in documents[:_CODE_DOCUMENTS]:
        left -= len(repr(document.as_code))
        if left < 0:
            break
        taken.append(document.as_code)
    return taken
