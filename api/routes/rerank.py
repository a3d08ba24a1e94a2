"""Reranking documents that the caller brings: in other servers' dialects, and as a batch with a Markdown table."""

from collections.abc import Callable
from typing import NamedTuple

from fastapi import APIRouter

from api.body import JsonRoute
from api.contents import given
from api.dialects.desk import Desk, DeskNow
from api.dialects.rerank import AnyAnswer, AnyRerankBody, RerankRoute, answer
from api.schemas.content import ContentBody
from api.schemas.errors import RerankErrorBody, TeiErrorBody, TextErrorBody, errors
from api.schemas.rerank import BatchResult, RerankBatchAnswer, RerankBatchBody
from reranker.ranking import Ranked
from search.markdown import markdown_table

router = APIRouter(tags=["rerank"], route_class=JsonRoute)
_STATUSES = (400, 404, 413, 415, 422, 429, 503, 504)
_DIALECT_ERRORS = errors(*_STATUSES, model=RerankErrorBody | TeiErrorBody | TextErrorBody)


class _Path(NamedTuple):
    path: str
    name: str
    version: str  # of Cohere's API


def _rerank_at(version: str) -> Callable[[AnyRerankBody, Desk], AnyAnswer]:
    def rerank(body: AnyRerankBody, desk: DeskNow) -> AnyAnswer:
        """Texts, pictures and mixed documents in one list, best first. The body tells which server's client is asking,
        and the answer is the one it reads: `texts` is Text Embeddings Inference's, `property` is Weaviate's, `instruct`
        and bare lists of parts are SGLang's; else it is one that those of Cohere, Jina and vLLM read. A document that
        cannot be read gets the score 0.0 and an `error`; the others are answered."""
        return answer(body, desk, version)

    return rerank


for each in (
    _Path("/v1/rerank", "rerank", "1"),
    _Path("/v2/rerank", "rerank_v2", "2"),
    _Path("/rerank", "rerank_plain", "1"),
):
    router.add_api_route(
        each.path,
        _rerank_at(each.version),
        name=each.name,
        methods=["POST"],
        summary="Rerank documents",
        response_description="The documents by their places, best first.",
        responses=_DIALECT_ERRORS,
        response_model_exclude_unset=True,
        route_class_override=RerankRoute,
    )


@router.post(
    "/rerank_batch",
    summary="Rerank a batch, with a table",
    response_description="The documents by their places, best first, and as a table.",
    responses=errors(400, 413, 415, 422, 429, 503, 504),
    response_model_exclude_unset=True,
)
def rerank_batch(body: RerankBatchBody, desk: DeskNow) -> RerankBatchAnswer:
    """Sorted results, and the same as a Markdown table."""
    desk.check_count(len(body.documents), "documents")
    ranking = desk.service.rerank(
        given(body.query),
        [given(document) for document in body.documents],
        instruction=body.instruction,
        score_threshold=body.score_threshold,
        top_k=body.top_k,
        scale=body.scale,
        normalize=body.normalize,
        raise_on_error=body.raise_on_error,
        patience=desk.patience,
    )
    return RerankBatchAnswer(
        id=desk.request_id,
        model=desk.model,
        scale=ranking.display.scale,
        normalize=ranking.display.normalize,
        margin=ranking.margin,
        results=[_batch_result(each) for each in ranking.entries],
        markdown=markdown_table(ranking, [_label(document) for document in body.documents]),
        warnings=list(ranking.warnings),
    )


def _label(document: ContentBody) -> str:
    return " ".join(part for part in ("(picture)" if document.image else "", document.text or "") if part)


def _batch_result(ranked: Ranked) -> BatchResult:
    result = BatchResult(
        rank=ranked.rank,
        index=ranked.index,
        score=ranked.score,
        tied=ranked.tied,
        truncated=ranked.judgement.truncated,
    )
    extra = {"error": ranked.judgement.error, "raw": ranked.judgement.raw}
    return result.model_copy(update={name: value for name, value in extra.items() if value is not None})
