"""Is the process alive, and can it answer. Both are told at once, whatever else is being computed."""

from dataclasses import asdict
from importlib.metadata import version

from anyio import to_thread
from fastapi import APIRouter, Request

from api.dependencies import LoadingNow, ProbeThreads
from api.guards.strangers import is_stranger
from api.loading import Loading
from api.schemas.errors import errors
from api.schemas.health import HealthAnswer, PictureCacheAnswer, ReadyAnswer

router = APIRouter(tags=["health"])


@router.get("/health", summary="Liveness", response_description="It lives.")
async def health() -> HealthAnswer:
    """Always 200 while the process lives, also while models load."""
    return HealthAnswer(status="alive", version=version("lychee-search"))


@router.get(
    "/ready",
    summary="Readiness",
    response_description="Ask away.",
    responses=errors(503),
    response_model_exclude_unset=True,
)
async def ready(request: Request, loading: LoadingNow, threads: ProbeThreads) -> ReadyAnswer:
    """200 once the models are loaded and the default collection is open; until then 503 with the reason. Where the
    server asks for keys, who gives none is told neither the reason nor what is searched."""
    tell = _whether if is_stranger(request.scope) else _ready
    return await to_thread.run_sync(tell, loading, limiter=threads)


def _whether(loading: Loading) -> ReadyAnswer:
    loading.default_engine()
    return ReadyAnswer(status="ready")


def _ready(loading: Loading) -> ReadyAnswer:
    service, engine = loading.service, loading.default_engine()
    return ReadyAnswer(
        status="ready",
        encoder=service.encoder.name,
        reranker=None if service.reranker is None else service.reranker.name,
        collection=engine.collection.name,
        items=len(engine.collection),
        picture_cache=None
        if service.picture_cache is None
        else PictureCacheAnswer(**asdict(service.picture_cache.counts)),
    )
