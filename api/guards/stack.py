"""All guards around an app, in their order. Knows what each of them guards by its name only."""

from fastapi import FastAPI

from api.body import BodyLimitMiddleware
from api.guards.key_guard import KeyGuard
from api.guards.key_ring import KeyRing
from search.settings import Settings


def install(app: FastAPI, settings: Settings) -> None:
    """What is added last is met first."""
    app.add_middleware(BodyLimitMiddleware, limit=settings.max_body_bytes)
    if settings.keys is not None:
        app.add_middleware(KeyGuard, ring=KeyRing(settings.keys))
