"""Rerank as SGLang answers it: a bare list of scores, each with its document."""

from pydantic import Field

from api.dialects.common import RerankBody, rank
from api.dialects.desk import Desk
from api.dialects.given_back import text_of
from api.schemas.base import AnswerBody
from api.schemas.content import ImagePart, SourceBody, TextPart
from reranker.ranking import Ranked


class SglangMeta(AnswerBody):
    id: str = Field(description="The request's id.")
    prompt_tokens: int = Field(description="Length of the prompt, picture included.")
    error: str | None = Field(default=None, description="Why the document could not be judged.")


class SglangResult(AnswerBody):
    score: float = Field(description="P(yes) or a tenth of a rating, from 0 to 1.")
    document: str | list[TextPart | ImagePart] | None = Field(
        default=None, description="The text; all parts, pictures too, only with `return_documents`."
    )
    index: int = Field(description="The document's place in `documents`, from 0.")
    meta_info: SglangMeta


def speaks_sglang(body: RerankBody) -> bool:
    """Bare lists of parts and `instruct` are SGLang's alone."""
    return body.instruct is not None or any(isinstance(each, list) for each in (body.query, *body.documents))


def answer(body: RerankBody, desk: Desk) -> list[SglangResult]:
    return [_result(each, body, desk.request_id) for each in rank(body, desk).entries]


def _result(ranked: Ranked, body: RerankBody, request_id: str) -> SglangResult:
    meta = SglangMeta(id=request_id, prompt_tokens=ranked.judgement.tokens)
    if ranked.judgement.error is not None:
        meta = meta.model_copy(update={"error": ranked.judgement.error})
    result = SglangResult(score=ranked.score, index=ranked.index, meta_info=meta)
    document = _given_back(body.documents[ranked.index], body.return_documents)
    return result if document is None else result.model_copy(update={"document": document})


def _given_back(document: SourceBody, wanted: bool | None) -> str | list[TextPart | ImagePart] | None:
    """SGLang gives documents back unless told not to; a picture only goes back where it is asked for."""
    if wanted is False:
        return None
    return document if wanted and isinstance(document, list) else text_of(document)
