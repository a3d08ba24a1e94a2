"""The forms that an error takes: our own, and those that clients of other servers read. Knows no routes but by path."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import Scope


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, for whoever asked. type: our own word for it, as in `api.errors.TABLE`."""

    status: int
    type: str
    message: str
    param: str | None
    request_id: str


Shape = Callable[[Failure], dict[str, Any]]

_STATE: Final = "error_shape"


def native(failure: Failure) -> dict[str, Any]:
    """`{"error": {"type", "message", "param"?}, "request_id"}`"""
    param = {} if failure.param is None else {"param": failure.param}
    return {
        "error": {"type": failure.type, "message": failure.message, **param},
        "request_id": failure.request_id,
    }


def openai(failure: Failure) -> dict[str, Any]:
    """As OpenAI and vLLM have it: `{"error": {"message", "type", "param", "code"}}`."""
    return {
        "error": {
            "message": failure.message,
            "type": failure.type,
            "param": failure.param,
            "code": failure.status,
        },
        "request_id": failure.request_id,
    }


def rerank(failure: Failure) -> dict[str, Any]:
    """For the paths on which several dialects meet: Cohere's clients read `message`, those of Jina `detail`, those of
    vLLM `error.message`."""
    return {**openai(failure), "message": failure.message, "detail": failure.message}


def tei(failure: Failure) -> dict[str, Any]:
    """As Text Embeddings Inference has it: `{"error", "error_type"}`."""
    return {"error": failure.message, "error_type": _tei_type(failure.status)}


def text(failure: Failure) -> dict[str, Any]:
    """`{"error": "..."}`, as Weaviate, Elasticsearch and Gradio's clients read it."""
    return {"error": failure.message}


def _tei_type(status: int) -> str:
    if status == 429:
        return "Overloaded"
    if status == 503:
        return "Unhealthy"
    return "Backend" if status >= 500 else "Validation"


# Where a path tells the dialect. On the others a route may choose when it has seen the body.
_BY_PATH: Final[Mapping[str, Shape]] = {
    "/v1/rerank": rerank,
    "/v2/rerank": rerank,
    "/rerank": rerank,
    "/elasticsearch/rerank": text,
    "/info": tei,
    "/api/predict": text,
    "/api/predict/": text,
    "/v1/score": openai,
    "/score": openai,
    "/v1/embeddings": rerank,
    "/v1/models": openai,
}


def choose_shape(scope: Scope, shape: Shape) -> None:
    """From now on errors of this request take this form."""
    scope.setdefault("state", {})[_STATE] = shape


def shape_of(scope: Scope) -> Shape:
    chosen: Shape | None = scope.get("state", {}).get(_STATE)
    path: str = scope["path"]
    return chosen or _BY_PATH.get(path, openai if path.startswith("/v1/models/") else native)
