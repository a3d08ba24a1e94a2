"""Which requests need no key, and for which one that may only read is enough. Knows no keys.

Both are lists of what is allowed, so that a route nobody thought of needs a key that may write.
"""

import re
from typing import Final

from starlette.routing import compile_path

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


def is_open(method: str, path: str) -> bool:
    return method in _LOOKING and path in _OPEN


def only_reads(method: str, path: str) -> bool:
    """path: as the router matches it, escapes undone."""
    if method == "POST":
        return path in _READING_POSTS
    return method in _LOOKING and any(re.match(each, path) for each in _GETS)
