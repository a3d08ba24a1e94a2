"""What every error looks like over HTTP, in our own form and in those of other servers, and which errors a route may
answer with."""

from types import UnionType
from typing import Any

from pydantic import Field

from api.schemas.base import AnswerBody

Responses = dict[int | str, dict[str, Any]]


class ErrorDetail(AnswerBody):
    type: str = Field(description="What kind of error, for programs.", examples=["schema_error"])
    message: str = Field(
        description="What was wrong and what would be right, for people.",
        examples=["`candidates` must be at most 1000, got 10001"],
    )
    param: str | None = Field(
        default=None, description="The field that was wrong, where it is one.", examples=["candidates"]
    )


class ErrorBody(AnswerBody):
    """What every error looks like."""

    error: ErrorDetail
    request_id: str = Field(description="Also in the header X-Request-Id, and in the server's log.")


class OpenaiErrorDetail(ErrorDetail):
    code: int = Field(description="The status.")


class OpenaiErrorBody(AnswerBody):
    """As clients of OpenAI and vLLM read it."""

    error: OpenaiErrorDetail
    request_id: str = Field(description="Also in the header X-Request-Id, and in the server's log.")


class RerankErrorBody(OpenaiErrorBody):
    """As clients of vLLM (`error`), Cohere (`message`) and Jina (`detail`) read it."""

    message: str = Field(description="The same as `error.message`.")
    detail: str = Field(description="The same as `error.message`.")


class TeiErrorBody(AnswerBody):
    """As clients of Text Embeddings Inference read it, once the body has shown that they are."""

    error: str = Field(description="What was wrong and what would be right.")
    error_type: str = Field(description="`Validation`, `Overloaded`, `Unhealthy` or `Backend`.")


class TextErrorBody(AnswerBody):
    """As clients of Weaviate, Elasticsearch and Gradio read it."""

    error: str = Field(description="What was wrong and what would be right.")


_MEANINGS = {
    400: "Bad input: no JSON, an empty query, a picture that is not base64.",
    404: "No such collection, item or picture.",
    409: "The collection exists already, or was made by another encoder.",
    413: "The body or a picture is over a limit; the message names the limit.",
    415: "A picture that cannot be read as one, or a body that is not `application/json`.",
    422: "A field is missing, unknown, of the wrong type or out of range.",
    429: "As many requests as may wait are waiting; `Retry-After` says in how many seconds to ask again.",
    503: "The models are still loading, or failed to load.",
    504: "It took longer than a request may; its work was given up.",
}


def errors(*statuses: int, model: type[AnswerBody] | UnionType = ErrorBody) -> Responses:
    """The `responses` of a route that may answer with these errors. model: their form, for routes whose errors have
    another one than ours; it is then that of any other error too."""
    told: Responses = {status: {"model": model, "description": _MEANINGS[status]} for status in statuses}
    return told if model is ErrorBody else {**told, "default": {**OTHER_ERRORS["default"], "model": model}}


# With this FastAPI leaves out its own 422, which has another shape.
OTHER_ERRORS: Responses = {"default": {"model": ErrorBody, "description": "Any other error has this shape too."}}
