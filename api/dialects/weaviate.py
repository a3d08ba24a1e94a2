"""Rerank as Weaviate's module reranker-transformers asks for it: scores beside their documents, in the order of the
request."""

from pydantic import Field

from api.dialects.desk import Desk
from api.dialects.given_back import text_of
from api.schemas.base import AnswerBody, Listed, RequestBody
from api.schemas.content import SourceField
from reranker.ranking import Ranked


class WeaviateBody(RequestBody):
    query: SourceField = Field(description="As in the other form.")
    documents: Listed[SourceField] = Field(min_length=1, description="As in the other form.")
    property: str | None = Field(description="Taken for compatibility; that it is there tells Weaviate.")
    instruction: str | None = Field(default=None, min_length=1, description="The task in your words.")


class WeaviateScore(AnswerBody):
    document: str = Field(description="The document's text; empty where it has none.")
    score: float = Field(description="P(yes) or a tenth of a rating, from 0 to 1; 0.0 where `error` is set.")
    error: str | None = Field(default=None, description="Why the document could not be judged.")


class WeaviateAnswer(AnswerBody):
    query: str = Field(description="The query's text; empty where it has none.")
    scores: list[WeaviateScore] = Field(description="In the order of `documents`.")


def answer(body: WeaviateBody, desk: Desk) -> WeaviateAnswer:
    ranking = desk.rerank(body.query, body.documents, instruction=body.instruction)
    in_order = sorted(ranking.entries, key=lambda each: each.index)
    return WeaviateAnswer(query=text_of(body.query) or "", scores=[_score(each, body) for each in in_order])


def _score(ranked: Ranked, body: WeaviateBody) -> WeaviateScore:
    score = WeaviateScore(document=text_of(body.documents[ranked.index]) or "", score=ranked.score)
    error = ranked.judgement.error
    return score if error is None else score.model_copy(update={"error": error})
