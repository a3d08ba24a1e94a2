"""Under which names the server may be called. A page in a browser can lead a name of its own to this machine (DNS
rebinding), and would then be let in by the browser as if it came from here; its name gives it away."""

import re
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import error_response

_ANY: Final = "*"
_WITHOUT_PORT: Final = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(:\d*)?")


def hosts_for(setting: str, listens_on: str) -> tuple[str, ...]:
    """The names of the setting `allowed_hosts`; without any, none where the server listens on loopback only (whose own
    names are always allowed), and all where it listens on a network."""
    names = tuple(name.strip().lower().rstrip(".") for name in setting.split(",") if name.strip())
    return names or (() if is_loopback(listens_on) else (_ANY,))


def is_loopback(host: str) -> bool:
    """Whether a name or address leads to this machine whatever anybody's DNS says. host: without a port."""
    if host in ("localhost", "localhost."):
        return True
    try:
        return ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False


class HostGuard:
    """Refuses requests whose `Host` is neither one of `allowed` nor loopback. allowed: names in lower case; one that
    begins with `*.` stands for all below it, `*` for any."""

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        self.app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._is_allowed(Headers(scope=scope).getlist("host")):
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await error_response(scope, 421, "host_refused", _refusal(scope))(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _is_allowed(self, given: Sequence[str]) -> bool:
        if _ANY in self._allowed:
            return True
        parts = _WITHOUT_PORT.fullmatch(given[0]) if len(given) == 1 else None
        if parts is None:
            return False
        host = parts[1].lower()
        return is_loopback(host) or any(_matches(host.rstrip("."), each) for each in self._allowed)


def _matches(host: str, allowed: str) -> bool:
    return host.endswith(allowed[1:]) if allowed.startswith("*.") else host == allowed


def _refusal(scope: Scope) -> str:
    given = Headers(scope=scope).get("host", "")
    named = f"`{given[:80]}` is no name of this server" if given.isprintable() and given else "it names no server"
    return f"the request was refused for its `Host`: {named}; the setting `allowed_hosts` lists its names"
