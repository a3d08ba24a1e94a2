"""The bodies of the health routes."""

from typing import Literal

from pydantic import Field

from api.schemas.base import AnswerBody


class HealthAnswer(AnswerBody):
    status: Literal["alive"]
    version: str


class PictureCacheAnswer(AnswerBody):
    memory_hits: int = Field(description="Pictures that stage 2's model need not read because they were in memory.")
    disk_hits: int = Field(description="Pictures that it need not read because they were on disk.")
    misses: int = Field(description="Pictures that it had to read.")
    memory_pictures: int = Field(description="How many pictures are in memory now.")
    memory_bytes: int = Field(description="What they take.")
    disk_pictures: int = Field(description="How many pictures are on disk now; 0 where nothing is kept there.")
    disk_bytes: int = Field(description="What they take.")
    not_written: int = Field(description="Pictures that are not on disk because it was too slow for them.")


class ReadyAnswer(AnswerBody):
    """Where the server asks for keys, who gives none is told the status only."""

    status: Literal["ready"]
    encoder: str | None = Field(default=None, description="Stage 1's model.")
    reranker: str | None = Field(default=None, description="Stage 2's model; null where it is switched off.")
    collection: str | None = Field(default=None, description="The collection that is searched where none is named.")
    items: int | None = Field(default=None, description="How many items it holds.")
    picture_cache: PictureCacheAnswer | None = Field(
        default=None, description="What was kept of pictures, counted since the start; null where nothing is."
    )
