"""Whose page a request to the page's paths comes from. A browser sends requests for whatever page is open in it, with
what it knows of this server; only this server's own page may use it so (CSRF). Knows nothing of keys."""

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import error_response
from api.page.paths import HOME, LOGIN, page_path

_FOREIGN: Final = frozenset({"cross-site", "same-site"})  # the latter is another port, or another name of one domain
_PORTS: Final = {"http": 80, "https": 443}
_REFUSED: Final = (
    "this request was sent by another page than this server's own, which may use its API (/docs), "
    "and from a browser only where `cors_origins` names it"
)


class CrossSiteGuard:
    """Refuses what another page sends to the page's paths. Browsers say where a request comes from in `Sec-Fetch-Site`,
    or, to servers without TLS, in `Origin`; what says neither is no browser's, or changes nothing.

    allowed: further origins; `*` for any.
    """

    def __init__(self, app: ASGIApp, allowed: Collection[str]) -> None:
        self.app = app
        self._allowed = frozenset(origin.lower() for origin in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.app
        if scope["type"] == "http" and page_path(scope["path"]) is not None and self._is_foreign(scope):
            app = error_response(scope, 403, "cross_site_refused", _REFUSED)
        await app(scope, receive, send)

    def _is_foreign(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        origin = headers.get("origin", "").lower()
        if origin and not self._allowed.isdisjoint((origin, "*")):
            return False
        site = headers.get("sec-fetch-site")
        if site is None:
            return origin != "" and not _is_own(origin, headers.get("host", ""))
        return site in _FOREIGN and not _is_opened(scope, headers)


def _is_opened(scope: Scope, headers: Headers) -> bool:
    """Whether it follows a link to the page, in a window or tab of its own."""
    opens = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return opens and scope["method"] in ("GET", "HEAD") and scope["path"] in (HOME, LOGIN)


def _is_own(origin: str, host: str) -> bool:
    """By name and port. Whether there is TLS in between is the proxy's affair."""
    try:
        parts = urlsplit(origin)
        default = _PORTS.get(parts.scheme)
        asked = urlsplit(f"//{host.lower()}")
        return bool(parts.hostname) and (parts.hostname, parts.port or default) == (
            asked.hostname,
            asked.port or default,
        )
    except ValueError:  # no port
        return False
