"""Stage 2's model changed while the server runs. Knows nothing of how."""

from fastapi import APIRouter

from api.body import JsonRoute
from api.dependencies import ServiceNow
from api.schemas.errors import errors
from api.schemas.reload import ChangedAnswer, ReloadBody
from search.rerankers import Changed

router = APIRouter(prefix="/v1/models", tags=["models"], route_class=JsonRoute)


@router.post(
    "/reload",
    summary="Take another reranker into service",
    response_description="It judges from now on.",
    responses=errors(400, 413, 415, 422, 429, 503),
)
def reload_reranker(body: ReloadBody, service: ServiceNow) -> ChangedAnswer:
    """Loads a checkpoint or an adapter beside the reranker in use, tries it, and lets every request that comes from
    then on use it. Requests under way end with the one they began with. Where anything fails, nothing changes."""
    return _answer(service.rerankers.change(body.reranker))


@router.post(
    "/back",
    summary="Go back to the reranker before",
    response_description="It judges again.",
    responses=errors(400, 404, 429, 503),
)
def go_back(service: ServiceNow) -> ChangedAnswer:
    """At once: the reranker that was in use before the last change stays in memory. Asked again, it undoes itself."""
    return _answer(service.rerankers.go_back())


def _answer(changed: Changed) -> ChangedAnswer:
    return ChangedAnswer(reranker=changed.reranker, previous=changed.previous, seconds=round(changed.seconds, 3))
