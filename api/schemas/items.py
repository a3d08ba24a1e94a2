"""The bodies of a collection's items."""

from typing import Any

from pydantic import Field

from api.schemas.base import AnswerBody, Listed, RequestBody, example
from api.schemas.content import IMAGE_FORM

MAX_ITEMS = 1000


class ItemBody(RequestBody):
    """A text, a picture or both, under an id."""

    id: str | None = Field(
        default=None,
        min_length=1,
        max_length=512,
        description="An item with this id is replaced. Without one it is made from the item's content, so that the "
        "same item sent twice is stored once.",
        examples=["mugs/42"],
    )
    text: str | None = Field(
        default=None, description="Any text.", examples=["Two red striped mugs next to a blue bag"]
    )
    image: str | None = Field(default=None, description=IMAGE_FORM)
    metadata: dict[str, Any] = Field(
        default={},
        description="Any JSON; given back with every hit.",
        examples=[{"price": 12.5, "shop": "Main Street"}],
    )


class UpsertBody(RequestBody):
    model_config = example(
        {"items": [{"id": "notes/1", "text": "A green tea cup on a shelf", "metadata": {"price": 12.5}}]}
    )

    items: Listed[ItemBody] = Field(
        min_length=1, max_length=MAX_ITEMS, description="Each with a text, a picture or both."
    )


class UpsertAnswer(AnswerBody):
    ids: list[str] = Field(description="In the order of `items`. When this is answered the items are on disk.")


class StoredItemBody(AnswerBody):
    id: str
    text: str | None
    image_url: str | None = Field(description="Path of the item's picture on this server.")
    metadata: dict[str, Any]


class DeletedAnswer(AnswerBody):
    deleted: bool
