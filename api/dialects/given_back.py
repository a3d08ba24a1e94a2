"""Documents as they are given back to those who sent them. Knows no dialect's answer."""

from pydantic import Field

from api.schemas.base import AnswerBody
from api.schemas.content import ContentBody, ImagePart, PartsBody, SourceBody, StoredBody, TextPart


class DocumentBody(AnswerBody):
    """A document as it was sent; as vLLM has it, `text` and `multi_modal`, where content parts were."""

    text: str | None = None
    image: str | None = None
    id: str | None = None
    collection: str | None = None
    multi_modal: list[ImagePart] | None = Field(default=None, description="Pictures only with `return_documents`.")


def as_sent(document: SourceBody) -> DocumentBody:
    if isinstance(document, ContentBody | StoredBody):
        return DocumentBody(**document.model_dump(exclude_unset=True))
    return DocumentBody(text=text_of(document))


def as_parts(document: SourceBody, *, pictures: bool) -> DocumentBody:
    """As vLLM gives a document back: both fields always."""
    return DocumentBody(text=text_of(document), multi_modal=(_pictures(document) or None) if pictures else None)


def text_of(document: SourceBody) -> str | None:
    """The text of a document as it was sent; None where there is none."""
    if isinstance(document, str):
        return document
    if isinstance(document, StoredBody):
        return None
    if isinstance(document, ContentBody):
        return document.text
    parts = document.content if isinstance(document, PartsBody) else document
    return "\n".join(part.text for part in parts if isinstance(part, TextPart)) or None


def _pictures(document: SourceBody) -> list[ImagePart]:
    if isinstance(document, PartsBody):
        return [part for part in document.content if isinstance(part, ImagePart)]
    if isinstance(document, ContentBody) and document.image is not None:
        return [ImagePart.model_validate({"type": "image_url", "image_url": {"url": document.image}})]
    return []
