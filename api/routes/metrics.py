"""What Prometheus reads, told at once, whatever else is being computed."""

from typing import Annotated, cast

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response

from api.dependencies import ProbeThreads
from api.watching.metrics import MEDIA_TYPE, Metrics

router = APIRouter(tags=["health"])


async def _metrics(request: Request) -> Metrics:
    return cast(Metrics, request.app.state.metrics)


class MetricsResponse(Response):
    media_type = MEDIA_TYPE


@router.get(
    "/metrics",
    summary="Metrics for Prometheus",
    response_class=MetricsResponse,
    response_description="Samples in Prometheus' text format.",
)
async def metrics(metrics: Annotated[Metrics, Depends(_metrics)], threads: ProbeThreads) -> MetricsResponse:
    """What the server counts and times, by route, stage and collection, also while models load; docs/operations.md
    has every name."""
    return MetricsResponse(await to_thread.run_sync(metrics.exposition, limiter=threads))
