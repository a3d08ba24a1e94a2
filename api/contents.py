"""From what a body holds to what the engine reads, and back to the names that its caller gave. Knows nothing of
routes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from api.schemas.content import ContentBody, ImagePart, PartsBody, SourceBody, StoredBody, TextPart
from content.errors import LycheeError
from search.intake import Given, Source, Stored


def given(body: ContentBody) -> Given:
    return Given(body.text, body.image)


def source(body: SourceBody) -> Source:
    """Any form of a content. A string is always text, whatever it looks like."""
    if isinstance(body, str):
        return Given(text=body)
    if isinstance(body, ContentBody):
        return given(body)
    if isinstance(body, StoredBody):
        return Stored(body.id, body.collection)
    return _read_as_one(body.content if isinstance(body, PartsBody) else body)


@contextmanager
def callers_names(fields: Sequence[tuple[str, str, SourceBody | None]]) -> Iterator[None]:
    """Errors raised within name what is wrong as its caller wrote it.

    fields: each the engine's name of a field, its caller's, and the content in it where errors name parts of that.
    """
    try:
        yield
    except LycheeError as error:
        ours = error.param
        error.param = _renamed(ours, fields)
        if error.param and error.message.startswith(f"{ours} "):
            error.message = error.param + error.message.removeprefix(str(ours))
        raise


def _renamed(param: str | None, fields: Sequence[tuple[str, str, SourceBody | None]]) -> str | None:
    for ours, theirs, body in fields:
        if param is not None and (param == ours or param.startswith((f"{ours}.", f"{ours}["))):
            return theirs + _place(param.removeprefix(ours), body)
    return param


def _place(ours: str, body: SourceBody | None) -> str:
    """Where in a content something is wrong. ours: `.text` or `.image`, or nothing for all of it."""
    if isinstance(body, str):
        return ""
    if isinstance(body, PartsBody):
        return f".content{_part(ours, body.content)}"
    return _part(ours, body) if isinstance(body, list) else ours


def _part(ours: str, parts: Sequence[TextPart | ImagePart]) -> str:
    wanted, field = (ImagePart, ".image_url.url") if ours == ".image" else (TextPart, ".text")
    places = [place for place, part in enumerate(parts) if isinstance(part, wanted)]
    return f"[{places[0]}]{field}" if ours and len(places) == 1 else ""


def _read_as_one(parts: Sequence[TextPart | ImagePart]) -> Given:
    texts = [part.text for part in parts if isinstance(part, TextPart)]
    images = [part.image_url.url for part in parts if isinstance(part, ImagePart)]
    return Given("\n".join(texts) if texts else None, images[0] if images else None)
