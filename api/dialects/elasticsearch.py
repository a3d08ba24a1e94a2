"""Rerank as Elasticsearch's `hugging_face` service reads it: a bare list in which it takes no field but its own. It
sends `texts` and reads `score`; an earlier form of it sent `documents` and read `relevance_score`."""

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import Discriminator, Field, RootModel, Tag

from api.complaint import tagged
from api.dialects.desk import Desk
from api.dialects.given_back import text_of
from api.schemas.base import AnswerBody, Listed, RequestBody, example
from api.schemas.content import SourceBody, SourceField
from reranker.ranking import Ranking


class _Options(RequestBody):
    query: SourceField = Field(description="What is searched for, in any of the forms that `/v1/rerank` takes.")
    top_n: int | None = Field(
        default=None, ge=0, description="The largest number of results; 0 for all, as by default."
    )
    model: str | None = Field(default=None, description="Taken for compatibility.")
    max_chunks_per_doc: int | None = Field(default=None, description="Taken for compatibility.")
    instruction: str | None = Field(default=None, min_length=1, description="The task in your words.")
    raise_on_error: bool = Field(default=False, description="Answers 400 where a document cannot be judged.")


class ByTexts(_Options):
    texts: Listed[SourceField] = Field(min_length=1, description="Each in any of the forms that a query has.")
    return_text: bool | None = Field(default=None, description="Gives each text back with its result.")


class ByDocuments(_Options):
    documents: Listed[SourceField] = Field(min_length=1, description="The same as `texts`.")
    return_documents: bool | None = Field(default=None, description="Gives each text back with its result.")


def _told_by(value: object) -> str:
    by_documents = isinstance(value, ByDocuments) or (isinstance(value, Mapping) and "documents" in value)
    return tagged("documents" if by_documents else "texts")


class ElasticsearchBody(
    RootModel[
        Annotated[
            Annotated[ByTexts, Tag(tagged("texts"))] | Annotated[ByDocuments, Tag(tagged("documents"))],
            Discriminator(_told_by),
        ]
    ]
):
    model_config = example({"query": "a red mug", "texts": ["A red mug on a table.", "A white dog in the snow."]})


class TextScore(AnswerBody):
    """For `texts`."""

    index: int = Field(description="The place in `texts`, from 0.")
    score: float = Field(description="P(yes) or a tenth of a rating, from 0 to 1; 0.0 where it was not judged.")
    text: str | None = Field(default=None, description="Only with `return_text`.")


class DocumentScore(AnswerBody):
    """For `documents`."""

    index: int = Field(description="The place in `documents`, from 0.")
    relevance_score: float = Field(description="As `score`.")
    text: str | None = Field(default=None, description="Only with `return_documents`.")


Score = TypeVar("Score", TextScore, DocumentScore)


def answer(body: ElasticsearchBody, desk: Desk) -> list[TextScore] | list[DocumentScore]:
    asked = body.root
    if isinstance(asked, ByTexts):
        ranking = _rank(asked, asked.texts, "texts", desk)
        return [
            _with_text(TextScore(index=each.index, score=each.score), asked.texts, asked.return_text)
            for each in ranking.entries
        ]
    ranking = _rank(asked, asked.documents, "documents", desk)
    return [
        _with_text(DocumentScore(index=each.index, relevance_score=each.score), asked.documents, asked.return_documents)
        for each in ranking.entries
    ]


def _rank(body: _Options, documents: list[SourceBody], name: str, desk: Desk) -> Ranking:
    return desk.rerank(
        body.query,
        documents,
        documents_name=name,
        instruction=body.instruction,
        top_n=body.top_n,
        raise_on_error=body.raise_on_error,
    )


def _with_text(result: Score, documents: list[SourceBody], wanted: bool | None) -> Score:
    """Never with an error, for which its clients have no place."""
    text = text_of(documents[result.index]) if wanted else None
    return result if text is None else result.model_copy(update={"text": text})
