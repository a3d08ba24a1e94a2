"""What a visitor brings to be judged: texts, pictures and tables, as documents with names. Opens no picture."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

from api.page.code import PictureFile
from api.page.complaints import Complaint
from api.page.pictures import uploaded
from api.page.rerank.files import Uploaded
from content import Unreadable
from content.errors import InvalidInput
from indexer.item import JsonValue
from indexer.sources.kinds import kind_of
from search.intake import Given
from search.sent_table import SentRow, sent_rows
from search.settings import Settings

Split = Literal["line", "block"]
_LINE_END: Final = re.compile(r"\r\n|\r")
_BREAKS: Final[Mapping[Split, re.Pattern[str]]] = {"line": re.compile(r"\n"), "block": re.compile(r"\n[^\S\n]*\n\s*")}


@dataclass(frozen=True, slots=True)
class Brought:
    """name: what the visitor calls it, "" for a text that was typed. as_code: how a request names it."""

    source: Given | Unreadable
    name: str = ""
    as_code: str | Mapping[str, Any] = ""
    metadata: Mapping[str, JsonValue] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.source.text or "" if isinstance(self.source, Given) else ""

    @property
    def has_picture(self) -> bool:
        return isinstance(self.source, Given) and self.source.image is not None

    def seen_by(self, see: Callable[[Any], None]) -> Given | Unreadable:
        """The source, whose picture `see` is told of when it is read."""
        return replace(self.source, seen=see) if isinstance(self.source, Given) else self.source


def typed(text: str, split: Split) -> list[Brought]:
    """Each line, or each block between empty lines, that is not blank."""
    pieces = (piece.strip() for piece in _BREAKS[split].split(_LINE_END.sub("\n", text)))
    return [Brought(Given(piece), as_code=piece) for piece in pieces if piece]


def brought(text: str, split: Split, files: Sequence[Uploaded], settings: Settings) -> list[Brought]:
    """All of them: texts, then the files in their order, a table with each of its rows.

    Raises Complaint where there are none or too many, and for a file that is no table though its name says so.
    """
    documents = typed(text, split)
    for file in files:
        for each in _rows(file, settings) if kind_of(file.path) == "table" else [_picture(file, settings)]:
            documents.append(each)
            _check_count(documents, settings.max_documents)
    _check_count(documents, settings.max_documents)
    if not documents:
        raise Complaint("rerank.no_documents")
    return documents


def _check_count(documents: Sequence[Brought], most: int) -> None:
    if len(documents) > most:
        raise Complaint("rerank.too_many", most=f"{most:,}")


def _picture(file: Uploaded, settings: Settings) -> Brought:
    """Any file that is no table: whether it is a picture is for the loader to say."""
    read = partial(uploaded, file.path, largest=settings.max_image_bytes)
    return Brought(Given(None, read), file.name, {"image": PictureFile(file.name)})


def _rows(file: Uploaded, settings: Settings) -> Iterator[Brought]:
    """A table's rows stay in memory until they are judged, so they may have as much in them as a request may."""
    size = 0
    try:
        for row in sent_rows(Path(file.path)):
            size += _size(row.source)
            if size > settings.max_body_bytes:
                most = settings.max_body_bytes >> 20
                raise Complaint("rerank.too_much", name=file.name, origin=row.origin, most=most)
            yield _row(row, file.name)
    except InvalidInput as error:
        raise Complaint("rerank.bad_table", reason=error.message.rstrip(".")) from error


def _size(source: Given | Unreadable) -> int:
    if not isinstance(source, Given):
        return 0
    image = source.image if isinstance(source.image, str | bytes) else ""
    return len(source.text or "") + len(image)


def _row(row: SentRow, table: str) -> Brought:
    place = row.origin.removeprefix(Path(table).name).lstrip(":")
    return Brought(
        row.source, row.id or row.origin, _row_as_code(row.source, f"{Path(table).stem}-{place}"), row.metadata
    )


def _row_as_code(source: Given | Unreadable, picture: str) -> str | Mapping[str, Any]:
    if not isinstance(source, Given) or source.image is None:
        return source.text or "" if isinstance(source, Given) else ""
    by_url = isinstance(source.image, str) and source.image.startswith(("http://", "https://"))
    image = {"image": source.image if by_url else PictureFile(f"{picture}.png")}
    return image if source.text is None else {"text": source.text, **image}
