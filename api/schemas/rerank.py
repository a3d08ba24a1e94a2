"""The bodies of reranking a batch of documents that the caller brings, with a table. Knows no other server's form."""

from typing import Annotated

from pydantic import Field, JsonValue

from api.schemas.base import AnswerBody, Listed, RequestBody, example
from api.schemas.content import SourceField
from api.schemas.display import MarginField, NormalizeField, ScaleField, ShownNormalize, ShownScale

RaiseField = Annotated[
    bool,
    Field(description="Answers 400, with `documents[i]` as `param`, where a document cannot be judged."),
]


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
    query: SourceField = Field(
        description="A string, an object with `text`, `image` or both, an item as `id`, or content parts.",
    )
    documents: Listed[SourceField] = Field(min_length=1, description="Each in any of the forms that a query has.")
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


class PredictBody(RequestBody):
    model_config = example({"data": ["", "a red mug", ["A red mug on a table.", "A white dog in the snow."]]})

    data: tuple[str | None, SourceField, Annotated[Listed[SourceField], Field(min_length=1)]] = Field(
        strict=False, description="The instruction, which may be empty, the query, and the list of documents."
    )
    fn_index: int | None = Field(default=None, description="Taken for compatibility with Gradio.")
    api_name: str | None = Field(default=None, description="Taken for compatibility with Gradio.")
    session_hash: str | None = Field(default=None, description="Taken for compatibility with Gradio.")
    event_data: JsonValue = Field(default=None, description="Taken for compatibility with Gradio.")


class PredictAnswer(AnswerBody):
    data: tuple[str, list[BatchResult]] = Field(description="A Markdown table, and the results, best first.")
    duration: float = Field(description="Seconds.")
