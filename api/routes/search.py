"""The main job over HTTP: a two-stage search."""

from fastapi import APIRouter

from api import searching
from api.body import JsonRoute
from api.dependencies import PatienceNow, RequestId, ServiceNow
from api.schemas.errors import errors
from api.schemas.search import SearchAnswer, SearchBody

router = APIRouter(tags=["search"], route_class=JsonRoute)


@router.post(
    "/v1/search",
    summary="Search a collection in two stages",
    response_description="The hits, best first.",
    responses=errors(400, 404, 409, 413, 415, 422, 429, 503, 504),
    response_model_exclude_unset=True,
)
def search(body: SearchBody, service: ServiceNow, patience: PatienceNow, request_id: RequestId) -> SearchAnswer:
    """Stage 1 recalls `candidates` items by vectors and words; stage 2 reads each with the query and orders them."""
    return searching.answer(body, service, patience, request_id)
