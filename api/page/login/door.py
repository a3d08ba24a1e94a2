"""The door of the page: who has no session is asked for a key, and gets one. Knows nothing of what is behind it."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.guards.rates import Brake
from api.guards.session_cookie import end_of_cookie, session_cookie, shown_token
from api.guards.sessions import Sessions
from api.page.login.form import form, policy
from api.page.paths import HOME, LOGIN, LOGOUT
from api.page.uploads.owner import no_longer_visitor
from api.page.words import language_of
from content.errors import NotReady

_LONGEST: Final = 4096  # bytes of a form with a key in it
_TRIES: Final = 10  # wrong ones a minute, of one client
_ALL_TRIES: Final = 300  # and of all
_WAIT_S: Final = "60"


class Door:
    """routes: `/login` and `/logout`. Called itself, it is what a stranger finds at `/`."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._brake = Brake(_TRIES, _ALL_TRIES)

    @property
    def routes(self) -> Sequence[Route]:
        return (
            Route(LOGIN, self._look, methods=["GET"]),
            Route(LOGIN, self._log_in, methods=["POST"]),
            Route(LOGOUT, self._log_out, methods=["POST"]),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        # The cookie does not come along with a link from elsewhere; it does when the page itself asks again.
        again = request.headers.get("sec-fetch-site") in ("cross-site", "same-site")
        await _asked(request, again=again)(scope, receive, send)

    async def _look(self, _: Request) -> Response:
        return RedirectResponse(HOME, 303)

    async def _log_in(self, request: Request) -> Response:
        client = request.client.host if request.client else ""
        if self._brake.is_on(client):
            return _asked(request, "login.too_often", 429)
        secret = await _given(request)
        if not secret:
            return _asked(request, "login.empty", 401)
        try:
            token = self._sessions.begin(secret)
        except NotReady:
            return _asked(request, "login.no_keys", 503)
        if token is None:
            self._brake.failed(client)
            return _asked(request, "login.wrong", 401)
        return RedirectResponse(HOME, 303, {"Set-Cookie": session_cookie(request.scope, token)})

    async def _log_out(self, request: Request) -> Response:
        token = shown_token(request.scope)
        if token is not None:
            self._sessions.end(token)
        answer = RedirectResponse(HOME, 303)
        answer.headers.append("Set-Cookie", end_of_cookie(request.scope))
        answer.headers.append("Set-Cookie", no_longer_visitor(request.scope))
        return answer


async def _given(request: Request) -> str:
    """The key that stands in the form, empty where there is none."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST:
            return ""
    return parse_qs(body.decode("latin-1"), max_num_fields=10).get("key", [""])[0].strip()


def _asked(request: Request, wrong: str | None = None, status: int = 200, *, again: bool = False) -> HTMLResponse:
    language = language_of(request.headers.get("accept-language", ""))
    headers = {
        "Content-Security-Policy": policy(),
        "Cache-Control": "no-store",
        "Content-Language": language,
        "Vary": "Accept-Language, Cookie",
    }
    if status == 429:
        headers["Retry-After"] = _WAIT_S
    return HTMLResponse(form(language, wrong, again=again), status, headers)
