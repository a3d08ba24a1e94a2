"""What Weaviate's module reranker-transformers asks an inference container besides rerank: is it ready, and what is it.
Knows no dialect of rerank."""

from importlib.metadata import version

from anyio import to_thread
from fastapi import APIRouter

from api.dependencies import LoadingNow, ProbeThreads, ServiceNow
from api.loading import Loading
from api.schemas.base import AnswerBody
from api.schemas.errors import errors
from content.errors import NotReady

router = APIRouter(tags=["rerank"])


class MetaAnswer(AnswerBody):
    model: str
    version: str


@router.get(
    "/.well-known/ready",
    summary="Readiness as Weaviate asks for it",
    status_code=204,
    response_description="Ask away.",
    responses=errors(503),
)
async def weaviate_ready(loading: LoadingNow, threads: ProbeThreads) -> None:
    """204 where `/ready` answers 200, and 503 until then. Weaviate asks once a second when it starts."""
    await to_thread.run_sync(_check_ready, loading, limiter=threads)


def _check_ready(loading: Loading) -> None:
    if not loading.is_ready():
        raise NotReady("it is not ready; `/ready` says why")


@router.get("/meta", summary="The model as Weaviate asks for it", response_description="It.", responses=errors(503))
async def weaviate_meta(service: ServiceNow) -> MetaAnswer:
    """What Weaviate shows for the module under its own `/v1/meta`."""
    return MetaAnswer(model=service.reranker.name if service.reranker else "none", version=version("lychee-search"))
