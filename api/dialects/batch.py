"""A batch in our own form, with a Markdown table, and the same as callers of an early Gradio page ask for it."""

from time import perf_counter

from api.contents import callers_names, source
from api.dialects.desk import Desk
from api.dialects.given_back import text_of
from api.schemas.content import ContentBody, ImagePart, PartsBody, SourceBody, StoredBody
from api.schemas.rerank import BatchResult, PredictAnswer, PredictBody, RerankBatchAnswer, RerankBatchBody
from reranker.ranking import Ranked
from search.markdown import markdown_table


def answer(body: RerankBatchBody, desk: Desk) -> RerankBatchAnswer:
    desk.check_count(len(body.documents), "documents")
    with callers_names([("query", "query", body.query)]):
        ranking = desk.service.rerank(
            source(body.query),
            [source(document) for document in body.documents],
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
        results=[_result(each) for each in ranking.entries],
        markdown=markdown_table(ranking, [_label(document) for document in body.documents]),
        warnings=list(ranking.warnings),
    )


def predict(body: PredictBody, desk: Desk) -> PredictAnswer:
    """An empty instruction is none."""
    begin = perf_counter()
    instruction, query, documents = body.data
    ranking = desk.rerank(
        query, documents, query_name="data[1]", documents_name="data[2]", instruction=instruction or None
    )
    table = markdown_table(ranking, [_label(document) for document in documents])
    results = [_result(each) for each in ranking.entries]
    return PredictAnswer(data=(table, results), duration=perf_counter() - begin)


def _label(document: SourceBody) -> str:
    if isinstance(document, StoredBody):
        return document.id
    return " ".join(part for part in ("(picture)" if _has_picture(document) else "", text_of(document) or "") if part)


def _has_picture(document: SourceBody) -> bool:
    if isinstance(document, ContentBody):
        return bool(document.image)
    if isinstance(document, str | StoredBody):
        return False
    parts = document.content if isinstance(document, PartsBody) else document
    return any(isinstance(part, ImagePart) for part in parts)


def _result(ranked: Ranked) -> BatchResult:
    result = BatchResult(
        rank=ranked.rank,
        index=ranked.index,
        score=ranked.score,
        tied=ranked.tied,
        truncated=ranked.judgement.truncated,
    )
    extra = {"error": ranked.judgement.error, "raw": ranked.judgement.raw}
    return result.model_copy(update={name: value for name, value in extra.items() if value is not None})
