"""What a collection looks like from outside."""

from pydantic import Field

from api.schemas.base import AnswerBody


class IndexBody(AnswerBody):
    type: str = Field(description="FAISS factory string.", examples=["Flat"])
    vectors: int
    recall: float = Field(
        description="Share of the exact top 100 that it finds, measured when it was built; 1.0 where it is exact."
    )
    k_factor: int | None = Field(
        description="How many times as many vectors as are asked for are looked at closely; null where it is exact."
    )
    fresh: int = Field(description="Vectors that came since the index was built; they are searched exactly.")
    dead: int = Field(description="Vectors of the index that are deleted and still take room.")


class CollectionBody(AnswerBody):
    name: str
    items: int
    encoder: str = Field(description="What made its vectors; no other encoder can search it.")
    dimension: int
    bytes: int = Field(description="Room on disk, with pictures, words and indexes.")
    indexes: dict[str, IndexBody] = Field(description="By channel: `image` and `text`.")


class ListedBody(AnswerBody):
    name: str
    items: int | None = None
    encoder: str | None = None
    error: str | None = Field(default=None, description="Why this collection cannot be read.")


class CollectionsAnswer(AnswerBody):
    default: str = Field(description="The collection that is searched where none is named.")
    collections: list[ListedBody]
