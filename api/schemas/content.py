"""A content in JSON, in every form that callers of any server write it: a string, an object with a text, a picture or
both, content parts, or an item of a collection. Knows nothing of who writes which."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from api.complaint import tagged
from api.schemas.base import Listed, RequestBody

IMAGE_FORM = (
    "A picture as a data URI (`data:image/png;base64,...`) or as bare base64: JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or "
    "AVIF; or, where the server fetches pictures, an http(s) URL of one. Never a file path."
)
_FORMS: Final = (
    'must be a string (text), an object with `text`, `image` or both and no `id`, a stored item as `{"id": ...}`, or '
    'content parts as `{"content": [...]}`'
)
_MOST_PARTS: Final = 1000
_PART_FORMS: Final = 'must be {"type": "text", "text": ...} or {"type": "image_url", "image_url": {"url": ...}}'


class ContentBody(RequestBody):
    """At least one of the two."""

    text: str | None = Field(
        default=None, description="Any text.", examples=["two red striped mugs next to a blue bag"]
    )
    image: str | None = Field(default=None, description=IMAGE_FORM)


class StoredBody(RequestBody):
    """An item of a collection, its picture included, in place of a content."""

    id: str = Field(min_length=1, description="The id of an item of a collection.")
    collection: str | None = Field(
        default=None, min_length=1, description="The collection it is in; by default the server's."
    )


class TextPart(RequestBody):
    type: Literal["text"] = Field(description="`text`.")
    text: str = Field(description="Any text; several are joined by line breaks.")


class ImageUrlBody(RequestBody):
    url: str = Field(description=IMAGE_FORM)
    detail: str | None = Field(default=None, description="Taken for compatibility; pictures are read as they are.")


class ImagePart(RequestBody):
    type: Literal["image_url"] = Field(description="`image_url`.")
    image_url: ImageUrlBody = Field(description="The picture.")
    uuid: str | None = Field(default=None, description="Taken for compatibility.")


def _part_type(value: object) -> str | None:
    """A part without a type is read as the text that most are, so that the error names what it lacks."""
    type_ = value.get("type", "text") if isinstance(value, Mapping) else getattr(value, "type", None)
    return tagged(type_) if type_ in ("text", "image_url") else None


def _one_picture(parts: list[TextPart | ImagePart]) -> list[TextPart | ImagePart]:
    pictures = sum(isinstance(part, ImagePart) for part in parts)
    if pictures > 1:
        raise PydanticCustomError(
            "said",
            "holds {pictures} pictures, and the reranker reads one; send each as a document of its own",
            {"pictures": pictures},
        )
    return parts


Part = Annotated[
    Annotated[TextPart, Tag(tagged("text"))] | Annotated[ImagePart, Tag(tagged("image_url"))],
    Discriminator(
        _part_type,
        custom_error_type="said",
        custom_error_message=_PART_FORMS,
    ),
]
Parts = Annotated[
    Listed[Part],
    Field(
        min_length=1,
        max_length=_MOST_PARTS,
        description="Texts and at most one picture, which are read as one.",
        json_schema_extra={
            "contains": {"type": "object", "properties": {"type": {"const": "image_url"}}, "required": ["type"]},
            "minContains": 0,
            "maxContains": 1,
        },
    ),
    AfterValidator(_one_picture),
]


class PartsBody(RequestBody):
    """Content parts, as chat messages have them."""

    content: Parts


def _form(value: object) -> str | None:
    if isinstance(value, str):
        return tagged("text")
    if isinstance(value, list):
        return tagged("parts")
    if isinstance(value, PartsBody) or (isinstance(value, Mapping) and "content" in value):
        return tagged("content")
    if isinstance(value, StoredBody) or (isinstance(value, Mapping) and "id" in value):
        brings_its_own = isinstance(value, Mapping) and ("text" in value or "image" in value)
        return None if brings_its_own else tagged("item")
    return tagged("body") if isinstance(value, Mapping | ContentBody) else None


SingleBody = str | ContentBody | StoredBody | PartsBody
SourceBody = SingleBody | list[TextPart | ImagePart]
_TOLD_APART = Discriminator(_form, custom_error_type="said", custom_error_message=_FORMS)
_Single = (
    Annotated[str, Tag(tagged("text"))]
    | Annotated[ContentBody, Tag(tagged("body"))]
    | Annotated[StoredBody, Tag(tagged("item"))]
    | Annotated[PartsBody, Tag(tagged("content"))]
)
SingleField = Annotated[_Single, _TOLD_APART]  # for places where a list is a list of contents
SourceField = Annotated[_Single | Annotated[Parts, Tag(tagged("parts"))], _TOLD_APART]
