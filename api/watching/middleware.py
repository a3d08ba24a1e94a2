"""Counts, times and logs every request as it passes by, by its route. Knows nothing of what it asks."""

import logging
from time import perf_counter
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.watching import logs
from api.watching.metrics import Metrics
from api.watching.traces import Traces

access = logging.getLogger(logs.ACCESS)

NO_ROUTE: Final = "none"  # unknown paths, and what was refused before a route was looked for
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_LEFT: Final = 499  # nginx's number for a caller who did not wait for an answer


class WatchMiddleware:
    """Stands before all others, so that it sees the answer that is sent, whoever made it."""

    def __init__(self, app: ASGIApp, metrics: Metrics, traces: Traces) -> None:
        self.app = app
        self._metrics = metrics
        self._traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self._traces)
        self._traces.veil(scope, "")  # until the route is known
        begin = perf_counter()
        with self._metrics.in_progress.track_inprogress():
            try:
                await self.app(scope, exchange.receive, exchange.send)
            finally:
                self._tell(scope, exchange, perf_counter() - begin)

    def _tell(self, scope: Scope, exchange: "_Exchange", seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = route_of(scope)
        self._metrics.requests.labels(method, route, str(exchange.status)).inc()
        self._metrics.request_seconds.labels(method, route).observe(seconds)
        if access.isEnabledFor(logging.INFO):
            _log(scope.get("state", {}), method, route, exchange, seconds)


def route_of(scope: Scope) -> str:
    """The template of the route that took the request, never its path: paths are without number, and hold ids."""
    return getattr(scope.get("route"), "path_format", NO_ROUTE)


class _Exchange:
    """What passes of one request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, traces: Traces) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._traces = traces
        self.status = _LEFT
        self.bytes_in = 0
        self.bytes_out = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self.bytes_in += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._traces.veil(self._scope, route_of(self._scope))
        else:
            self.bytes_out += len(message.get("body", b""))
        await self._send(message)


def _log(state: dict[str, object], method: str, route: str, exchange: _Exchange, seconds: float) -> None:
    key = state.get("key_name")
    fields = {
        "method": method,
        "route": route,
        "status": exchange.status,
        "ms": round(seconds * 1000, 2),
        "bytes_in": exchange.bytes_in,
        "bytes_out": exchange.bytes_out,
        **({} if key is None else {"key": key}),
    }
    extra = {"request_id": state.get("request_id"), "fields": fields}
    access.info("%s %s %d", method, route, exchange.status, extra=extra)
