"""Rerank as Text Embeddings Inference has it: `texts` in, a bare list out."""

from typing import Literal

from pydantic import Field

from api.dialects.desk import Desk
from api.dialects.given_back import text_of
from api.schemas.base import AnswerBody, Listed, RequestBody
from api.schemas.content import SourceField
from content.errors import InvalidInput
from reranker.ranking import Ranked


class TeiBody(RequestBody):
    query: SourceField = Field(description="As in the other form.")
    texts: Listed[SourceField] = Field(min_length=1, description="The documents; `texts` instead of `documents`.")
    raw_scores: bool = Field(
        default=False, description="Gives the difference of the logits of yes and no instead of P(yes)."
    )
    return_text: bool = Field(default=False, description="Gives each text back with its result.")
    top_n: int | None = Field(
        default=None, ge=0, description="The largest number of results; 0 for all, as by default."
    )
    truncate: bool | None = Field(default=None, description="Taken for compatibility; long texts are always cut.")
    truncation_direction: Literal["Left", "Right", "left", "right"] | None = Field(
        default=None, description="Taken for compatibility."
    )
    model: str | None = Field(default=None, description="Taken for compatibility.")
    instruction: str | None = Field(default=None, min_length=1, description="The task in your words.")


class TeiResult(AnswerBody):
    index: int = Field(description="The document's place in `texts`, from 0.")
    score: float = Field(description="P(yes), or the difference of the logits with `raw_scores`.")
    text: str | None = Field(default=None, description="Only with `return_text`.")
    error: str | None = Field(default=None, description="Why the document could not be judged.")


def answer(body: TeiBody, desk: Desk) -> list[TeiResult]:
    ranking = desk.rerank(
        body.query,
        body.texts,
        documents_name="texts",
        instruction=body.instruction,
        top_n=body.top_n,
        raise_on_error=body.raw_scores,  # there is no number for what was not judged
    )
    return [_result(each, body) for each in ranking.entries]


def _result(ranked: Ranked, body: TeiBody) -> TeiResult:
    text = text_of(body.texts[ranked.index]) if body.return_text else None
    extra = {"text": text, "error": ranked.judgement.error}
    result = TeiResult(index=ranked.index, score=_raw(ranked) if body.raw_scores else ranked.score)
    return result.model_copy(update={name: value for name, value in extra.items() if value is not None})


def _raw(ranked: Ranked) -> float:
    """What goes into the sigmoid that gives the score. Raises InvalidInput where the judge has no logits."""
    if ranked.judgement.logits is None:
        raise InvalidInput("this server's judge gives no raw scores; leave `raw_scores` out", param="raw_scores")
    yes, no = ranked.judgement.logits
    return yes - no
