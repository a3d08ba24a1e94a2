"""The bodies of a two-stage search."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from api.schemas.base import AnswerBody, RequestBody, example, few
from api.schemas.content import SourceField
from api.schemas.display import MarginField, NormalizeField, ScaleField, ShownNormalize, ShownScale
from content import Target


class SearchBody(RequestBody):
    model_config = example(
        {"query": "two red striped mugs next to a blue bag", "target": "image", "candidates": 50, "top_k": 3}
    )

    query: SourceField = Field(
        description="What is searched for: a string, `text`, `image` or both, an item as `id`, or content parts.",
        examples=["two red striped mugs next to a blue bag"],
    )
    collection: str | None = Field(
        default=None,
        description="Where to search; by default the collection that the server was started with.",
        examples=["demo"],
    )
    target: Target = Field(default="any", description="Search the items' pictures, texts or both.")
    candidates: int | None = Field(
        default=None, ge=1, le=1000, description="How many items stage 1 recalls; by default the server's setting, 100."
    )
    top_k: int = Field(default=10, ge=1, le=1000, description="The largest number of hits.")
    score_threshold: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Leaves out hits whose score, from 0 to 1, is below, however it is shown.",
    )
    instruction: str | None = Field(
        default=None,
        min_length=1,
        description="The task of stage 2 in your words; by default one that fits the kind of query.",
        examples=["Given a user's search query, rank products by visual and textual relevance"],
    )
    filter: dict[str, Any] | None = Field(
        default=None,
        description="Conditions on the items' metadata; only items that meet them are found, however few they are. A "
        "field is compared with a plain value, or by `$eq`, `$ne`, `$lt`, `$lte`, `$gt`, `$gte`, `$in`, `$nin`, "
        "`$exists`, `$contains` and `$not`; filters are joined by `$and`, `$or`, `$nor` and `$not`.",
        examples=[{"price": {"$lt": 500}, "brand": {"$in": ["Casa Lume", "Nordlicht"]}}],
    )
    channels: Annotated[dict[str, float] | None, BeforeValidator(few)] = Field(
        default=None,
        description="How much the lists of stage 1 count, from 0 to 100: `image` and `text` vectors, and `words`. One "
        "that is not named has 1, and 0 switches it off.",
        examples=[{"words": 2, "image": 0}],
    )
    rerank: bool = Field(
        default=True,
        description="`false` answers with the order and scores of stage 1, which take no `score_threshold`, `scale` or "
        "`normalize`.",
    )
    scale: ScaleField = 1
    normalize: NormalizeField = None
    raise_on_error: bool = Field(
        default=False,
        description="Answers 400, with the item's id as `param`, where stage 2 cannot judge a candidate.",
    )
    explain: bool = Field(default=False, description="Adds to each hit in which lists stage 1 found it.")


class ChannelBody(AnswerBody):
    """One list of stage 1 in which the hit stands."""

    channel: str = Field(description="What was searched: `image` or `text` vectors, or `words`.")
    query: str = Field(description="The query's side that was looked up: `text` or `image`.")
    rank: int
    score: float = Field(description="Cosine, or BM25 for `words`; comparable within one list only.")


class RetrievalBody(AnswerBody):
    """What stage 1 thought of a hit."""

    rank: int
    score: float = Field(description="Reciprocal rank fusion of the lists that hold it.")
    channels: list[ChannelBody] | None = Field(default=None, description="Only with `explain`.")


class PassageBody(AnswerBody):
    """The piece of an item's writing that stage 1 found."""

    source: Literal["text", "ocr"] = Field(description="What it is a piece of: `text`, or `ocr`.")
    start: int = Field(description="Its first character there, counted from 0, in Unicode code points.")
    stop: int = Field(description="The character behind its last.")
    text: str


class HitBody(AnswerBody):
    rank: int = Field(description="From 1, in the final order.")
    id: str
    score: float = Field(
        description="P(yes) or a tenth of a rating, shown as the answer's `scale` and `normalize` say; without "
        "stage 2 the fused score of stage 1."
    )
    retrieval: RetrievalBody
    text: str | None
    ocr: str | None = Field(default=None, description="What was read off the item's picture, where it was.")
    passage: PassageBody | None = Field(
        default=None,
        description="What of the item's text, or of what was read off its picture, was found; stage 2 reads it with "
        "what is next to it. Absent where only the picture or the metadata was found.",
    )
    image_url: str | None = Field(description="Path of the item's picture on this server.")
    metadata: dict[str, Any]
    tied: bool = Field(description="Closer than 0.005 to a neighbour: stage 1 decided their order.")
    truncated: bool = Field(description="Its text was longer than the reranker reads, and was cut.")
    error: str | None = Field(default=None, description="Why stage 2 could not judge it; its score is 0.0 then.")
    raw: str | None = Field(default=None, description="What a judge that rates in words wrote.")


class TimingsBody(AnswerBody):
    """Milliseconds per stage."""

    encode: float
    recall: float
    rerank: float
    total: float


class SearchAnswer(AnswerBody):
    id: str = Field(description="The request's id.")
    model: str = Field(description="What gave the order: the reranker, or the encoder without it.")
    reranked: bool
    scale: ShownScale
    normalize: ShownNormalize
    margin: MarginField
    hits: list[HitBody]
    warnings: list[str] = Field(description="Each a sentence that starts with its code and a colon.")
    timings_ms: TimingsBody
