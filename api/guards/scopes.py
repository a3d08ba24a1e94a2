"""Which requests need no key, and for which one that may only read is enough. Knows no keys.

Both are lists of what is allowed, so that a route nobody thought of needs a key that may write.
"""

import re
from typing import Final

from starlette.routing import compile_path

from api.page.paths import EVENTS, HOME, LOGIN, LOGOUT, STATIC, page_path

# Liveness and readiness for those who watch the process, the page that tells how to ask, and the list of models, which
# some clients read before they send their key.
_OPEN: Final = frozenset({"/", "/docs", "/openapi.json", "/health", "/ready", "/.well-known/ready", "/v1/models"})

# They change nothing, though most are asked by POST.
_READING_POSTS: Final = frozenset(
    {
        "/v1/search",
        "/v1/rerank",
        "/v2/rerank",
        "/rerank",
        "/rerank_batch",
        "/v1/score",
        "/score",
        "/v1/embeddings",
        "/api/predict",
        "/api/predict/",
        "/elasticsearch/rerank",
    }
)
_READING_GETS: Final = (
    "/metrics",
    "/meta",
    "/info",
    "/v1/models/{name:path}",
    "/v1/collections",
    "/v1/collections/{name}",
    "/v1/collections/{name}/items/{item_id:path}",
)
_GETS: Final = tuple(compile_path(path)[0] for path in _READING_GETS)
_LOOKING: Final = ("GET", "HEAD")


_PICTURE: Final = compile_path("/v1/collections/{name}/items/{item_id:path}/image")[0]


def is_open(method: str, path: str) -> bool:
    if method == "POST":
        return path in (LOGIN, LOGOUT)
    return method in _LOOKING and (path in _OPEN or path == LOGIN or page_path(path) in STATIC)


def only_reads(method: str, path: str) -> bool:
    """path: as the router matches it, escapes undone. Of the page, where each event asks what its visitor may do."""
    if method == "POST":
        return path in _READING_POSTS or _is_pages(path)
    return method in _LOOKING and (any(re.match(each, path) for each in _GETS) or _is_pages(path))


def takes_session(method: str, path: str) -> bool:
    """Whether the cookie of a session is as good as a key: on the page, and for the pictures that it shows."""
    looks = method in _LOOKING
    if page_path(path) is not None:
        return looks or method == "POST"
    return looks and re.match(_PICTURE, path) is not None


def is_counted(method: str, path: str, *, by_session: bool) -> bool:
    """Whether it is one of the requests of which a key may have only so many: of the page, those that ask for
    something, not the hundred that draw it."""
    form = page_path(path)
    return not by_session if form is None else method == "POST" and form in EVENTS


def _is_pages(path: str) -> bool:
    return path != HOME and page_path(path) is not None
