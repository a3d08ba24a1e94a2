"""Reranking documents that the caller brings: in Jina's shape, and as a batch with a Markdown table."""

from fastapi import APIRouter

from api.body import JsonRoute
from api.contents import given
from api.dependencies import PatienceNow, RequestId, ServiceNow
from api.schemas.content import ContentBody
from api.schemas.errors import errors
from api.schemas.rerank import (
    BatchResult,
    DocumentBody,
    RerankAnswer,
    RerankBatchAnswer,
    RerankBatchBody,
    RerankBody,
    RerankResult,
    UsageBody,
)
from reranker.ranking import Ranked
from search.markdown import markdown_table
from search.service import Service

router = APIRouter(tags=["rerank"], route_class=JsonRoute)
_ERRORS = errors(400, 413, 415, 422, 429, 503, 504)


@router.post(
    "/v1/rerank",
    summary="Rerank documents",
    response_description="The documents by their places, best first.",
    responses=_ERRORS,
    response_model_exclude_unset=True,
)
def rerank(body: RerankBody, service: ServiceNow, patience: PatienceNow, request_id: RequestId) -> RerankAnswer:
    """Texts, pictures and mixed documents in one list, best first, in the shape that clients of Jina read. A document
    that cannot be read gets the score 0.0 and an `error`; the others are answered."""
    ranking = service.rerank(
        given(body.query),
        [given(document) for document in body.documents],
        instruction=body.instruction,
        score_threshold=body.score_threshold,
        top_k=body.top_n,
        raise_on_error=body.raise_on_error,
        patience=patience,
    )
    results = [_result(each, body.documents if body.return_documents else None) for each in ranking.entries]
    return RerankAnswer(
        id=request_id, model=_model(service), usage=UsageBody(total_tokens=ranking.tokens), results=results
    )


@router.post(
    "/rerank_batch",
    summary="Rerank a batch, with a table",
    response_description="The documents by their places, best first, and as a table.",
    responses=_ERRORS,
    response_model_exclude_unset=True,
)
def rerank_batch(
    body: RerankBatchBody, service: ServiceNow, patience: PatienceNow, request_id: RequestId
) -> RerankBatchAnswer:
    """Sorted results, and the same as a Markdown table."""
    ranking = service.rerank(
        given(body.query),
        [given(document) for document in body.documents],
        instruction=body.instruction,
        score_threshold=body.score_threshold,
        top_k=body.top_k,
        scale=body.scale,
        normalize=body.normalize,
        raise_on_error=body.raise_on_error,
        patience=patience,
    )
    return RerankBatchAnswer(
        id=request_id,
        model=_model(service),
        scale=ranking.display.scale,
        normalize=ranking.display.normalize,
        margin=ranking.margin,
        results=[_batch_result(each) for each in ranking.entries],
        markdown=markdown_table(ranking, [_label(document) for document in body.documents]),
        warnings=list(ranking.warnings),
    )


def _label(document: ContentBody) -> str:
    return " ".join(part for part in ("(picture)" if document.image else "", document.text or "") if part)


def _model(service: Service) -> str:
    return service.reranker.name if service.reranker else "none"


def _result(ranked: Ranked, documents: list[ContentBody] | None) -> RerankResult:
    extra: dict[str, object] = {}
    if documents is not None:
        document = documents[ranked.index]
        extra["document"] = DocumentBody(**document.model_dump(exclude_unset=True))
    if ranked.judgement.error is not None:
        extra["error"] = ranked.judgement.error
    return RerankResult(index=ranked.index, relevance_score=ranked.score).model_copy(update=extra)


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
