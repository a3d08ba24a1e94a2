"""Rerank as Elasticsearch's `hugging_face` service reads it: a bare list in which it takes no field but its own."""

from pydantic import Field

from api.dialects.common import text_of
from api.dialects.desk import Desk
from api.schemas.base import AnswerBody, RequestBody, example
from api.schemas.content import SourceField
from reranker.ranking import Ranked


class ElasticsearchBody(RequestBody):
    model_config = example({"query": "a red mug", "documents": ["A red mug on a table.", "A white dog in the snow."]})

    query: SourceField = Field(description="What is searched for, in any of the forms that `/v1/rerank` takes.")
    documents: list[SourceField] = Field(min_length=1, description="Each in any of the forms that a query has.")
    return_documents: bool | None = Field(default=None, description="Gives each text back with its result.")
    top_n: int | None = Field(
        default=None, ge=0, description="The largest number of results; 0 for all, as by default."
    )
    model: str | None = Field(default=None, description="Taken for compatibility.")
    instruction: str | None = Field(default=None, min_length=1, description="The task in your words.")
    raise_on_error: bool = Field(default=False, description="Answers 400 where a document cannot be judged.")


class ElasticsearchResult(AnswerBody):
    index: int = Field(description="The document's place in `documents`, from 0.")
    relevance_score: float = Field(
        description="P(yes) or a tenth of a rating, from 0 to 1; 0.0 where it was not judged."
    )
    text: str | None = Field(default=None, description="Only with `return_documents`.")


def answer(body: ElasticsearchBody, desk: Desk) -> list[ElasticsearchResult]:
    ranking = desk.rerank(
        body.query,
        body.documents,
        instruction=body.instruction,
        top_n=body.top_n,
        raise_on_error=body.raise_on_error,
    )
    return [_result(each, body) for each in ranking.entries]


def _result(ranked: Ranked, body: ElasticsearchBody) -> ElasticsearchResult:
    """Without an error, for which its clients have no place."""
    result = ElasticsearchResult(index=ranked.index, relevance_score=ranked.score)
    text = text_of(body.documents[ranked.index]) if body.return_documents else None
    return result if text is None else result.model_copy(update={"text": text})
