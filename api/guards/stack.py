"""All guards around an app, in their order. Knows what each of them guards by its name only."""

import logging
import shutil
import tempfile

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from api.dependencies import TIMEOUT_HEADER
from api.guards.bodies import BodyGuard
from api.guards.cross_site import CrossSiteGuard
from api.guards.document import tell_of_keys
from api.guards.framing import FramingGuard
from api.guards.headers import SafeHeaders
from api.guards.hosts import HostGuard, hosts_for, is_loopback
from api.guards.key_guard import KeyGuard
from api.guards.sessions import Sessions
from api.guards.uploads import UploadGuard
from api.request_id import HEADER as REQUEST_ID
from search.settings import Settings

logger = logging.getLogger(__name__)

_MAY_SEND = ("Authorization", "X-API-Key", "api-key", "Content-Type", REQUEST_ID, TIMEOUT_HEADER)
_MAY_READ = (REQUEST_ID, "Retry-After")
_BODY_S = 60.0  # for a body, where requests may take as long as they like


def install(app: FastAPI, settings: Settings, sessions: Sessions | None) -> None:
    """What is added last is met first: a preflight, which has no key, is answered before keys are asked for, and who
    calls by a wrong name is told nothing at all. sessions: where keys are asked for."""
    app.add_middleware(
        BodyGuard,
        largest=settings.max_body_bytes,
        waiting=settings.max_waiting_bytes,
        within_s=settings.request_timeout_s or _BODY_S,
    )
    app.add_middleware(UploadGuard, largest=settings.max_upload_bytes, free=_free_disk)
    if sessions is not None:
        app.add_middleware(KeyGuard, sessions=sessions)
        tell_of_keys(app)
    origins = [origin.strip() for origin in settings.cors_origins.split(",") if origin.strip()]
    app.add_middleware(CrossSiteGuard, allowed=origins)
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=_MAY_SEND,
            expose_headers=_MAY_READ,
        )
    app.add_middleware(HostGuard, allowed=hosts_for(settings.allowed_hosts, settings.host))
    app.add_middleware(FramingGuard)
    app.add_middleware(SafeHeaders)


def _free_disk() -> int:
    """Where uploads lie."""
    return shutil.disk_usage(tempfile.gettempdir()).free


def warn_if_open(settings: Settings) -> None:
    """Leaves a line in the log, for whoever looks after a server that nobody sees start."""
    if is_open_to_all(settings):
        logger.warning(
            "%s is open to the network and asks nobody for a key: whoever reaches it can search, change and delete "
            "everything; make a key by `lychee keys add NAME --file FILE` and set `keys` (--keys FILE)",
            settings.host,
        )


def is_open_to_all(settings: Settings) -> bool:
    """Whether whoever reaches the server over a network may search, change and drop what it holds."""
    return settings.keys is None and not is_loopback(settings.host)
