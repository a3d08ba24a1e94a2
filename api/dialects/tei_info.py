"""What clients of Text Embeddings Inference ask before they use it: what it serves, and how much at a time. Dify's
plugin takes a server for a reranker by the first key of `model_type`. Knows no dialect of rerank."""

from importlib.metadata import version

from fastapi import APIRouter
from pydantic import Field

from api.dependencies import ServiceNow
from api.schemas.base import AnswerBody
from api.schemas.errors import TeiErrorBody, errors
from content.errors import NotReady
from reranker.prompt import MAX_TOKENS

router = APIRouter(tags=["rerank"])
_LABEL = "yes"


class LabelsBody(AnswerBody):
    id2label: dict[str, str] = Field(description="The one answer that is scored.")
    label2id: dict[str, int] = Field(description="The same the other way round.")


class TypeBody(AnswerBody):
    reranker: LabelsBody


class InfoAnswer(AnswerBody):
    model_id: str
    model_type: TypeBody
    max_concurrent_requests: int = Field(description="The setting `max_requests`.")
    max_input_length: int = Field(description="Tokens of the longest prompt, pictures included; longer texts are cut.")
    max_client_batch_size: int = Field(description="The setting `max_documents`.")
    auto_truncate: bool = Field(description="Always: long texts are cut and never refused.")
    version: str


@router.get(
    "/info",
    summary="The model as Text Embeddings Inference tells it",
    response_description="It.",
    responses=errors(503, model=TeiErrorBody),
)
def tei_info(service: ServiceNow) -> InfoAnswer:
    """The reranker, and the limits that its clients go by."""
    if service.reranker is None:
        raise NotReady("stage 2 is switched off here (the setting reranker is none), so there is no reranker")
    return InfoAnswer(
        model_id=service.reranker.name,
        model_type=TypeBody(reranker=LabelsBody(id2label={"0": _LABEL}, label2id={_LABEL: 0})),
        max_concurrent_requests=service.settings.max_requests,
        max_input_length=MAX_TOKENS,
        max_client_batch_size=service.settings.max_documents,
        auto_truncate=True,
        version=version("lychee-search"),
    )
