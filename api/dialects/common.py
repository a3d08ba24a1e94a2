"""The rerank that Cohere (v1 and v2), Jina and vLLM share: one request, and one answer that the clients of each can
read."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from pydantic import Field, PlainSerializer, ValidationInfo, field_validator

from api.contents import callers_names
from api.dialects.desk import Desk
from api.dialects.given_back import DocumentBody, as_parts, as_sent
from api.schemas.base import AnswerBody, Listed, example
from api.schemas.content import PartsBody, SourceBody, SourceField, StoredBody
from api.schemas.unused import Unused
from api.schemas.usage import UsageBody
from reranker.ranking import Ranked, Ranking


def _short(score: float) -> float:
    """In nine digits, which hold every float32: OpenSearch's ml-commons takes no score of more than 18 characters."""
    return float(f"{score:.9g}")


ShortFloat = Annotated[float, PlainSerializer(_short, return_type=float, when_used="json")]


class RerankBody(Unused):
    model_config = example(
        {
            "query": "a red mug",
            "documents": ["A red mug on a table.", {"text": "A white dog in the snow."}],
            "top_n": 2,
            "return_documents": True,
        }
    )

    query: SourceField = Field(
        description="What is searched for: a string, `text`, `image` or both, an item as `id`, or content parts.",
    )
    ids_of: str | None = Field(
        default=None,
        min_length=1,
        description="A collection: strings in `documents` are ids of its items, for programs that send strings only.",
    )
    documents: Listed[SourceField] = Field(min_length=1, description="Each in any of the forms that a query has.")
    model: str | None = Field(default=None, description="Taken for compatibility; the server's own reranker answers.")
    top_n: int | None = Field(
        default=None, ge=0, description="The largest number of results; 0 for all, as by default."
    )
    return_documents: bool | None = Field(
        default=None, description="Gives each document back with its result, its picture too."
    )
    instruction: str | None = Field(
        default=None, min_length=1, description="The task in your words; by default one that fits the kind of query."
    )
    instruct: str | None = Field(
        default=None, min_length=1, description="The same as SGLang has it; its answer is then SGLang's."
    )
    score_threshold: float | None = Field(
        default=None, ge=0, le=1, description="Leaves out results whose score is below."
    )
    raise_on_error: bool = Field(
        default=False, description="Answers 400, with `documents[i]` as `param`, where a document cannot be judged."
    )

    @field_validator("documents")
    @classmethod
    def _with_items(cls, documents: list[SourceBody], info: ValidationInfo) -> list[SourceBody]:
        """An empty string stays one: it is what those programs send for a document without an id."""
        collection = info.data.get("ids_of")
        if collection is None:
            return documents
        return [
            StoredBody(id=each, collection=collection) if each and isinstance(each, str) else each for each in documents
        ]


class RerankResult(AnswerBody):
    index: int = Field(description="The document's place in `documents`, from 0.")
    relevance_score: ShortFloat = Field(
        description="P(yes) or a tenth of a rating, from 0 to 1; 0.0 where `error` is set."
    )
    document: DocumentBody | None = Field(
        default=None, description="With `return_documents`, or where documents are sent as `content` parts."
    )
    error: str | None = Field(default=None, description="Why the document could not be judged.")


class VersionBody(AnswerBody):
    version: str


class BilledBody(AnswerBody):
    search_units: int


class MetaBody(AnswerBody):
    """For clients of Cohere."""

    api_version: VersionBody
    billed_units: BilledBody


class RerankAnswer(AnswerBody):
    id: str = Field(description="The request's id.")
    model: str
    results: list[RerankResult] = Field(description="Best first.")
    usage: UsageBody
    meta: MetaBody


def rank(body: RerankBody, desk: Desk) -> Ranking:
    if body.ids_of is not None:
        # Else a wrong name would give each document the score 0.0, and these programs show no errors of documents.
        with callers_names([("collection", "ids_of", None)]):
            desk.service.library.open(body.ids_of)
    return desk.rerank(
        body.query,
        body.documents,
        instruction=body.instruction or body.instruct,
        score_threshold=body.score_threshold,
        top_n=body.top_n,
        raise_on_error=body.raise_on_error,
    )


def answer(body: RerankBody, desk: Desk, version: str) -> RerankAnswer:
    ranking, give_back = rank(body, desk), _form_given_back(body)
    return RerankAnswer(
        id=desk.request_id,
        model=desk.model,
        results=[_result(each, give_back(body.documents[each.index])) for each in ranking.entries],
        usage=UsageBody(prompt_tokens=ranking.tokens, total_tokens=ranking.tokens),
        meta=MetaBody(api_version=VersionBody(version=version), billed_units=BilledBody(search_units=1)),
    )


def _form_given_back(body: RerankBody) -> Callable[[SourceBody], DocumentBody | None]:
    """vLLM gives documents back always, the others where that is asked for."""
    in_parts = any(isinstance(each, PartsBody) for each in (body.query, *body.documents))
    if not (in_parts if body.return_documents is None else body.return_documents):
        return lambda document: None
    return partial(as_parts, pictures=bool(body.return_documents)) if in_parts else as_sent


def _result(ranked: Ranked, document: DocumentBody | None) -> RerankResult:
    extra = {"document": document, "error": ranked.judgement.error}
    result = RerankResult(index=ranked.index, relevance_score=ranked.score)
    return result.model_copy(update={name: value for name, value in extra.items() if value is not None})
