"""Scores of pairs over HTTP, in vLLM's dialect."""

from fastapi import APIRouter

from api.dialects import score as dialect
from api.dialects.counted import CountedRoute
from api.dialects.desk import DeskNow
from api.schemas.errors import OpenaiErrorBody, errors
from api.schemas.score import ScoreAnswer, ScoreBody

router = APIRouter(tags=["rerank"], route_class=CountedRoute)


def score(body: ScoreBody, desk: DeskNow) -> ScoreAnswer:
    """One score per pair, in the order of the request, as vLLM answers: one query for all documents, or one for each. A
    document that cannot be read gets the score 0.0 and an `error`; the others are answered."""
    return dialect.answer(body, desk)


for _path, _name in (("/v1/score", "score"), ("/score", "score_plain")):
    router.add_api_route(
        _path,
        score,
        name=_name,
        methods=["POST"],
        summary="Score pairs",
        response_description="The scores, in the order of the request.",
        responses=errors(400, 404, 413, 415, 422, 429, 503, 504, model=OpenaiErrorBody),
        response_model_exclude_unset=True,
    )
