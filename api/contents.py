"""Contents out of bodies: queries, documents to rerank, records to store. Knows nothing of routes."""

from collections.abc import Sequence

from api.schemas.content import ContentBody
from content import Content, Document, Unreadable
from content.payload import parse_content, parse_document
from search.settings import Settings


def read_query(body: ContentBody, settings: Settings) -> Content:
    """Raises InvalidInput and its kin, with `param` naming `query` or `query.image`."""
    return parse_content(body.model_dump(), param="query", limits=settings.image_limits)


def read_documents(bodies: Sequence[ContentBody], settings: Settings) -> list[Document]:
    """One per body, in order. One that is empty, or whose picture cannot be read, becomes Unreadable: it is answered
    with the reason and fails nobody else."""
    return [_document(body, f"documents[{place}]", settings) for place, body in enumerate(bodies)]


def _document(body: ContentBody, param: str, settings: Settings) -> Document:
    if body.image is None and not (body.text or "").strip():
        return Unreadable("the document is empty: it has neither a text nor an image")
    return parse_document(body.model_dump(), param=param, limits=settings.image_limits)
