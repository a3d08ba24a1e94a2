"""Lets in who shows a key that is enough for what is asked, before anything of a body is read."""

from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import error_response, lychee_response
from api.guards.keys import ApiKey
from api.guards.rates import Rates
from api.guards.scopes import is_counted, is_open, only_reads, takes_session
from api.guards.session_cookie import shown_token
from api.guards.sessions import Sessions
from api.guards.strangers import mark_stranger
from content.errors import NotReady

_KEY_NAME: Final = "key_name"
_KEY_SCOPE: Final = "key_scope"
_SEND: Final = "send it with the request as `Authorization: Bearer lychee_...`"
_CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}


class KeyGuard:
    """Takes a key with the request or, on the page, the cookie of a session that began with one. Writes the name of the
    caller's key to the scope's state as `key_name`, and as `key_scope` what it may do; the key itself goes nowhere."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self.app = app
        self._ring = sessions.ring
        self._sessions = sessions
        self._rates = Rates()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # no route speaks anything else, and if one ever does it is not open by mistake
            await send({"type": "websocket.close", "code": 1008, "reason": "this server takes HTTP requests only"})
            return
        try:
            refusal = self._refusal(scope)
        except NotReady as error:
            refusal = lychee_response(scope, error)
        await (refusal or self.app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        """Raises NotReady where the keys cannot be read."""
        method, path = scope["method"], scope["path"]
        secret = _shown(Headers(scope=scope))
        if is_open(method, path):
            self._greet(scope, secret)
            return None
        key = self._key(scope, secret)
        if key is None:
            return _unknown(scope, secret)
        _name(scope, key)
        if key.scope == "read" and not only_reads(method, path):
            return _forbidden(scope, key)
        if not is_counted(method, path, by_session=secret is None):
            return None
        wait = self._rates.wait(key)
        return None if wait == 0 else _too_often(scope, key, wait)

    def _greet(self, scope: Scope, secret: str | None) -> None:
        """What is open is open; who has a key is shown more of it."""
        try:
            key = self._key(scope, secret)
        except NotReady:  # what is open to strangers stays so
            key = None
        if key is None:
            mark_stranger(scope)
        else:
            _name(scope, key)

    def _key(self, scope: Scope, secret: str | None) -> ApiKey | None:
        """Of the header, where there is one, else of the session. Raises NotReady."""
        if secret is not None:
            return self._ring.find(secret)
        token = shown_token(scope) if takes_session(scope["method"], scope["path"]) else None
        return self._ring.find("") if token is None else self._sessions.find(token)


def _name(scope: Scope, key: ApiKey) -> None:
    scope["state"][_KEY_NAME] = key.name
    scope["state"][_KEY_SCOPE] = key.scope


def _shown(headers: Headers) -> str | None:
    """The key of a request: as a bearer token, or as clients of search services in clouds send it."""
    scheme, _, token = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return headers.get("x-api-key") or headers.get("api-key") or None


def _unknown(scope: Scope, secret: str | None) -> ASGIApp:
    if secret is None:
        message = f"this server needs an API key: {_SEND}; whoever runs the server makes one by `lychee keys add NAME`"
    else:
        message = f"this API key is none of this server's, or was revoked; if there is another, {_SEND}"
    return error_response(scope, 401, "unauthorized", message, headers=_CHALLENGE)


def _forbidden(scope: Scope, key: ApiKey) -> ASGIApp:
    where = f"{scope['method']} {scope['path'][:200]}"
    message = (
        f"the key {key.name} may only read, and {where} needs one that may write "
        "(`lychee keys add NAME --scope write`); /docs lists all routes"
    )
    return error_response(scope, 403, "forbidden", message)


def _too_often(scope: Scope, key: ApiKey, wait: int) -> ASGIApp:
    message = f"the key {key.name} may ask {key.rate} times in a minute, and has; there is room again in {wait} s"
    return error_response(scope, 429, "rate_limited", message, headers={"Retry-After": str(wait)})
