"""Contents out of bodies: queries, and documents to rerank. Knows nothing of routes."""

from collections.abc import Sequence

from api.schemas.content import ContentBody
from content import Content, Document
from content.limits import ImageLimits
from content.payload import read_content, read_document


def read_query(body: ContentBody, limits: ImageLimits) -> Content:
    """Raises InvalidInput and its kin, with `param` naming `query` or `query.image`."""
    return read_content(body.text, body.image, param="query", limits=limits)


def read_documents(bodies: Sequence[ContentBody], limits: ImageLimits) -> list[Document]:
    """One per body, in order. One that is empty, or cannot be read, becomes Unreadable: it is answered with the reason
    and fails nobody else."""
    return [read_document(body.text, body.image, limits=limits) for body in bodies]
