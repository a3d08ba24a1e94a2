"""The answers of /v1/models, in OpenAI's shape."""

from typing import Literal

from pydantic import Field

from api.schemas.base import AnswerBody

Use = Literal["embeddings", "rerank"]


class ModelBody(AnswerBody):
    id: str = Field(description="The model's name, as the settings have it.")
    object: Literal["model"] = "model"
    created: int = Field(description="When this server was started, in seconds since 1970.")
    owned_by: str
    uses: list[Use] = Field(
        description="`embeddings` for stage 1's model, `rerank` for stage 2's; both may be of one name."
    )


class ModelsAnswer(AnswerBody):
    object: Literal["list"] = "list"
    data: list[ModelBody] = Field(description="Stage 1's model, then stage 2's where there is one.")
