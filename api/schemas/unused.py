"""Fields that clients of other servers send and that change nothing here. Knows no dialect's answer."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, JsonValue
from pydantic_core import PydanticCustomError

from api.schemas.base import Listed, RequestBody


def _for(server: str) -> str:
    return f"Taken for compatibility with {server}."


def _no_other_scores(value: object) -> object:
    if value is False:
        raise PydanticCustomError("said", "may be true only: a score is always P(yes) here, got false")
    return value


def _no_logits(value: object) -> object:
    if value is True:
        raise PydanticCustomError("said", "may be false only: a score is always P(yes) here, got true")
    return value


AlwaysTrue = Annotated[Literal[True] | None, BeforeValidator(_no_other_scores)]
AlwaysFalse = Annotated[Literal[False] | None, BeforeValidator(_no_logits)]


class Unused(RequestBody):
    """Taken, so that a client need not be changed, and not used: what is too long is cut to what the reranker reads
    whether that is asked for or not, and a score is P(yes) always, which is why the last four take one value only.
    """

    max_tokens_per_doc: int | None = Field(default=None, description=_for("Cohere"))
    max_chunks_per_doc: int | None = Field(default=None, description=_for("Cohere"))
    rank_fields: Listed[str] | None = Field(default=None, description=_for("Cohere"))
    priority: int | None = Field(default=None, description=_for("Cohere and vLLM"))
    truncation: bool | None = Field(default=None, description=_for("Jina"))
    max_doc_length: int | None = Field(default=None, description=_for("Jina"))
    max_query_length: int | None = Field(default=None, description=_for("Jina"))
    truncate_prompt_tokens: int | None = Field(default=None, description=_for("vLLM"))
    truncation_side: Literal["left", "right"] | None = Field(default=None, description=_for("vLLM"))
    max_tokens_per_query: int | None = Field(default=None, description=_for("vLLM"))
    mm_processor_kwargs: dict[str, Any] | None = Field(default=None, description=_for("vLLM"))
    chat_template_kwargs: dict[str, Any] | None = Field(default=None, description=_for("vLLM"))
    cache_salt: str | None = Field(default=None, description=_for("vLLM"))
    request_id: str | None = Field(default=None, description=_for("vLLM; `X-Request-Id` chooses the id"))
    rid: JsonValue = Field(default=None, description=_for("SGLang"))
    user: str | None = Field(default=None, description=_for("vLLM and SGLang"))
    use_activation: AlwaysTrue = Field(default=None, description=_for("vLLM"))
    activation: AlwaysTrue = Field(default=None, description=_for("vLLM"))
    softmax: AlwaysTrue = Field(default=None, description=_for("vLLM"))
    raw_scores: AlwaysFalse = Field(default=None, description=_for("Infinity"))
