"""A content in JSON: a string, or an object with a text, a picture or both."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from api.schemas.base import RequestBody

IMAGE_FORM = (
    "A picture as a data URI (`data:image/png;base64,...`) or as bare base64: JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or "
    "AVIF. Never a file path."
)


class ContentBody(RequestBody):
    """At least one of the two."""

    text: str | None = Field(
        default=None, description="Any text.", examples=["two red striped mugs next to a blue bag"]
    )
    image: str | None = Field(default=None, description=IMAGE_FORM)


def _as_object(value: object) -> object:
    if isinstance(value, str):
        return {"text": value}
    if isinstance(value, dict):
        return value
    raise ValueError("must be a string (text) or an object with `text`, `image` or both")


_Written = Annotated[str, Field(title="Text")] | ContentBody
ContentField = Annotated[ContentBody, BeforeValidator(_as_object, json_schema_input_type=_Written)]
