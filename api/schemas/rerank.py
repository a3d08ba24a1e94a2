"""The bodies of reranking documents that the caller brings: Jina's shape, and the batch shape with a table."""

from typing import Annotated

from pydantic import Field

from api.schemas.base import AnswerBody, RequestBody, example
from api.schemas.content import ContentField
from api.schemas.display import MarginField, NormalizeField, ScaleField, ShownNormalize, ShownScale

MAX_DOCUMENTS = 1000

RaiseField = Annotated[
    bool,
    Field(description="Answers 400, with `documents[i]` as `param`, where a document cannot be judged."),
]


class RerankBody(RequestBody):
    model_config = example(
        {
            "query": "a red mug",
            "documents": ["A red mug on a table.", {"text": "A white dog in the snow."}],
            "top_n": 2,
            "return_documents": True,
        }
    )

    query: ContentField = Field(
        description="What is searched for: a string, or an object with `text`, `image` or both.",
    )
    documents: list[ContentField] = Field(
        min_length=1, max_length=MAX_DOCUMENTS, description="Each a string, or an object with `text`, `image` or both."
    )
    model: str | None = Field(default=None, description="Taken for compatibility; the server's own reranker answers.")
    top_n: int | None = Field(default=None, ge=1, description="The largest number of results; by default all.")
    return_documents: bool = Field(default=False, description="Gives each document back with its result.")
    instruction: str | None = Field(
        default=None, min_length=1, description="The task in your words; by default one that fits the kind of query."
    )
    score_threshold: float | None = Field(
        default=None, ge=0, le=1, description="Leaves out results whose score is below."
    )
    raise_on_error: RaiseField = False


class DocumentBody(AnswerBody):
    """A document as it was sent."""

    text: str | None = None
    image: str | None = None


class RerankResult(AnswerBody):
    index: int = Field(description="The document's place in `documents`, from 0.")
    relevance_score: float = Field(description="P(yes) or a tenth of a rating, from 0 to 1; 0.0 where `error` is set.")
    document: DocumentBody | None = Field(default=None, description="Only with `return_documents`.")
    error: str | None = Field(default=None, description="Why the document could not be judged.")


class UsageBody(AnswerBody):
    total_tokens: int = Field(description="Length of all prompts that were judged, pictures included.")


class RerankAnswer(AnswerBody):
    id: str = Field(description="The request's id.")
    model: str
    usage: UsageBody
    results: list[RerankResult] = Field(description="Best first.")


class RerankBatchBody(RequestBody):
    model_config = example(
        {
            "instruction": "Given a product description, find the product that fits it",
            "query": {"text": "a red mug"},
            "documents": [{"text": "A red mug on a table."}, {"text": "A white dog in the snow."}],
        }
    )

    instruction: str | None = Field(
        default=None, min_length=1, description="The task in your words; by default one that fits the kind of query."
    )
    query: ContentField = Field(description="A string, or an object with `text`, `image` or both.")
    documents: list[ContentField] = Field(
        min_length=1, max_length=MAX_DOCUMENTS, description="Each a string, or an object with `text`, `image` or both."
    )
    top_k: int | None = Field(default=None, ge=1, description="The largest number of results; by default all.")
    score_threshold: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Leaves out results whose score, from 0 to 1, is below, however it is shown.",
    )
    scale: ScaleField = 1
    normalize: NormalizeField = None
    raise_on_error: RaiseField = False


class BatchResult(AnswerBody):
    rank: int = Field(description="From 1.")
    index: int = Field(description="The document's place in `documents`, from 0.")
    score: float = Field(
        description="P(yes) or a tenth of a rating, shown as the answer's `scale` and `normalize` say; 0.0 where "
        "`error` is set."
    )
    tied: bool = Field(description="Closer than 0.005 to a neighbour: the order of `documents` decided.")
    truncated: bool = Field(description="Its text was longer than the model reads, and was cut.")
    error: str | None = Field(default=None, description="Why the document could not be judged.")
    raw: str | None = Field(default=None, description="What a judge that rates in words wrote.")


class RerankBatchAnswer(AnswerBody):
    id: str = Field(description="The request's id.")
    model: str
    scale: ShownScale
    normalize: ShownNormalize
    margin: MarginField
    results: list[BatchResult] = Field(description="Best first.")
    markdown: str = Field(description="The same as a Markdown table.")
    warnings: list[str] = Field(description="Each a sentence that starts with its code and a colon.")
