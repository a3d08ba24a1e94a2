"""What a collection looks like from outside."""

from pydantic import Field

from api.schemas.base import AnswerBody


class IndexBody(AnswerBody):
    type: str = Field(description="FAISS factory string.", examples=["Flat"])
    vectors: int
    recall: float = Field(description="Share of the exact top 100 that it finds; 1.0 where it is exact.")


class CollectionBody(AnswerBody):
    name: str
    items: int
    encoder: str = Field(description="What made its vectors; no other encoder can search it.")
    dimension: int
    indexes: dict[str, IndexBody] = Field(description="By channel: `image` and `text`.")


class ListedBody(AnswerBody):
    name: str
    items: int | None = None
    encoder: str | None = None
    error: str | None = Field(default=None, description="Why this collection cannot be read.")


class CollectionsAnswer(AnswerBody):
    default: str = Field(description="The collection that is searched where none is named.")
    collections: list[ListedBody]
