"""Reranking documents that the caller brings: in other servers' dialects, and as a batch with a Markdown table."""

from collections.abc import Callable
from typing import NamedTuple

from fastapi import APIRouter

from api.dialects import batch, elasticsearch
from api.dialects.counted import CountedRoute
from api.dialects.desk import Desk, DeskNow
from api.dialects.elasticsearch import DocumentScore, ElasticsearchBody, TextScore
from api.dialects.rerank import AnyAnswer, AnyRerankBody, RerankRoute, answer
from api.schemas.errors import RerankErrorBody, TeiErrorBody, TextErrorBody, errors
from api.schemas.rerank import PredictAnswer, PredictBody, RerankBatchAnswer, RerankBatchBody

router = APIRouter(tags=["rerank"], route_class=CountedRoute)
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
    "/elasticsearch/rerank",
    summary="Rerank documents for Elasticsearch",
    response_description="The documents by their places, best first.",
    responses=errors(*_STATUSES, model=TextErrorBody),
    response_model_exclude_unset=True,
)
def rerank_for_elasticsearch(body: ElasticsearchBody, desk: DeskNow) -> list[TextScore] | list[DocumentScore]:
    """For its `hugging_face` inference service, which need not take any other field than these. A document that cannot
    be read gets the score 0.0; the others are answered."""
    return elasticsearch.answer(body, desk)


@router.post(
    "/rerank_batch",
    summary="Rerank a batch, with a table",
    response_description="The documents by their places, best first, and as a table.",
    responses=errors(400, 413, 415, 422, 429, 503, 504),
    response_model_exclude_unset=True,
)
def rerank_batch(body: RerankBatchBody, desk: DeskNow) -> RerankBatchAnswer:
    """Sorted results, and the same as a Markdown table."""
    return batch.answer(body, desk)


def predict(body: PredictBody, desk: DeskNow) -> PredictAnswer:
    """The same for callers of an early Gradio page: `data` is the instruction, the query and the list of documents."""
    return batch.predict(body, desk)


for _path, _name in (("/api/predict", "predict"), ("/api/predict/", "predict_with_slash")):
    router.add_api_route(
        _path,
        predict,
        name=_name,
        methods=["POST"],
        summary="Rerank a batch as Gradio's clients ask",
        response_description="A table and the results.",
        responses=errors(*_STATUSES, model=TextErrorBody),
        response_model_exclude_unset=True,
    )
