"""The bodies of the health routes."""

from typing import Literal

from pydantic import Field

from api.schemas.base import AnswerBody


class HealthAnswer(AnswerBody):
    status: Literal["alive"]
    version: str


class ReadyAnswer(AnswerBody):
    status: Literal["ready"]
    encoder: str = Field(description="Stage 1's model.")
    reranker: str | None = Field(description="Stage 2's model; null where it is switched off.")
    collection: str = Field(description="The collection that is searched where none is named.")
    items: int = Field(description="How many items it holds.")
