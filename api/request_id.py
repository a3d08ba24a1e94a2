"""The id every request carries, and the last catch: an unknown error becomes a plain 500 whose details stay in the log.
Knows nothing of routes."""

import logging
import re
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import error_response
from api.watching import logs
from api.watching.middleware import route_of

logger = logging.getLogger(__name__)

HEADER = "X-Request-Id"
_ACCEPTED = re.compile(r"[A-Za-z0-9._:-]{1,100}")  # nothing that could break a header or a log line


class RequestIdMiddleware:
    """Takes the caller's `X-Request-Id` where it is well formed, else makes one; writes it to the scope's state and to
    the answer's headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        token = logs.request_id.set(request_id)
        started = False

        async def send_with_id(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        except ClientDisconnect:
            logger.debug("request %s: the caller left before the body was read", request_id)
        except Exception:  # the last catch: a caller gets a plain 500, whatever it was, and the log the details
            logger.exception("request %s failed: %s %s", request_id, scope["method"], route_of(scope))
            if started:
                raise
            response = error_response(scope, 500, "internal_error", unknown_error(request_id))
            await response(scope, receive, send_with_id)
        finally:
            logs.request_id.reset(token)


def _request_id(headers: Headers) -> str:
    given = headers.get(HEADER, "")
    return given if _ACCEPTED.fullmatch(given) else uuid4().hex


def unknown_error(request_id: str) -> str:
    return f"something went wrong on the server; its log has the details under request {request_id}"
