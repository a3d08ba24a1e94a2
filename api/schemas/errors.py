"""What every error looks like over HTTP, and which errors a route may answer with."""

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


def errors(*statuses: int) -> Responses:
    """The `responses` of a route that may answer with these errors."""
    return {status: {"model": ErrorBody, "description": _MEANINGS[status]} for status in statuses}


# With this FastAPI leaves out its own 422, which has another shape.
OTHER_ERRORS: Responses = {"default": {"model": ErrorBody, "description": "Any other error has this shape too."}}
