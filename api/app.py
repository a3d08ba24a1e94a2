"""The app: routes, errors and limits around a service that loads while the app already answers /health."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from importlib.metadata import version
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api import errors
from api.dialects import openai, tei_info, weaviate_health
from api.guards import stack
from api.guards.key_ring import KeyRing
from api.guards.sessions import Sessions
from api.loading import Loading
from api.page.login.door import Door
from api.page.mount import Page, PageRoute
from api.request_id import RequestIdMiddleware
from api.routes import collections, docs, health, items, metrics, models, rerank, score, search
from api.schemas.errors import OTHER_ERRORS
from api.watching.traces import TELEMETRY
from api.watching.watch import Watch
from search.service import Service
from search.settings import Settings

logger = logging.getLogger(__name__)

_PROBE_THREADS = 4

DESCRIPTION = """\
Two-stage multimodal search. Stage 1 recalls the likeliest pictures or texts of a collection; stage 2, the Lychee \
reranker, reads each of them together with the query and gives the final order.

Wherever a body takes a content it is a string (text), or an object with `text`, `image` or both; a query, and a \
document to rank, may also be an item of a collection as `{"id": ...}`, or content parts. Every error looks \
like `{"error": {"type", "message", "param"}, "request_id"}`, but on the paths that clients of other servers \
call: there it looks as they read it.
"""


def _load_service(settings: Settings) -> Service:
    from search.assembly import load_service  # it imports torch, which takes seconds: on the loading thread, not here

    return load_service(settings)


def create_app(
    settings: Settings,
    load: Callable[[Settings], Service] = _load_service,
    on_loaded: Callable[[Loading], None] = lambda _: None,
    build_page: Callable[[Loading, Settings, Path], FastAPI] | None = None,
) -> FastAPI:
    """An app that answers /health at once, loads its models on a thread of its own, and closes them when it ends.

    on_loaded: called on that thread when loading has ended, well or not, and the app answers accordingly.
    build_page: as `api.page.build.build_page`, for the page at `/`; without it `/` leads to /docs.
    """
    watch = Watch()
    loading = Loading(partial(load, settings), on_loaded, watch.observer)

    sessions = None if settings.keys is None else Sessions(KeyRing(settings.keys))
    door = None if sessions is None else Door(sessions)
    page = None if build_page is None else Page(partial(build_page, loading, settings), door)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Each request that waits for the models keeps a thread; those that do not need them shall find one.
        to_thread.current_default_thread_limiter().total_tokens += settings.max_requests
        stack.warn_if_open(settings)
        loading.start()
        async with nullcontext() if page is None else page.running():
            yield
        await to_thread.run_sync(loading.close)

    app = FastAPI(
        title="Lychee Search",
        version=version("lychee-search"),
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,  # FastAPI's own pages load their scripts from elsewhere
        redoc_url=None,
        responses=OTHER_ERRORS,
        generate_unique_id_function=_operation_id,
        telemetry=TELEMETRY,
    )
    app.state.loading = loading
    app.state.end_streams = (lambda: None) if page is None else page.end_streams
    app.state.max_documents = settings.max_documents
    app.state.probe_threads = CapacityLimiter(_PROBE_THREADS)
    for each in (
        search,
        collections,
        items,
        rerank,
        score,
        models,
        openai,
        weaviate_health,
        tei_info,
        health,
        metrics,
        docs,
    ):
        app.include_router(each.router)
    if page is None:
        app.include_router(docs.home)
    else:
        app.router.routes += [*(door.routes if door else ()), PageRoute(page)]
    errors.install(app)
    stack.install(app, settings, sessions)
    app.add_middleware(RequestIdMiddleware)
    watch.install(app, loading)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name
