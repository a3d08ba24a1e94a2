"""The cookie that holds the token of a session. Knows nothing of what it stands for."""

from http.cookies import SimpleCookie

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from api.guards.sessions import LASTS_S


def shown_token(scope: Scope) -> str | None:
    """The token that came with a request."""
    return cookie_of(scope, _name(scope))


def session_cookie(scope: Scope, token: str) -> str:
    """A `Set-Cookie` for who asked."""
    return set_cookie(scope, _name(scope), token, same_site="Strict", max_age=LASTS_S)


def end_of_cookie(scope: Scope) -> str:
    return set_cookie(scope, _name(scope), "", same_site="Strict", max_age=0)


def cookie_of(scope: Scope, name: str) -> str | None:
    together = "; ".join(Headers(scope=scope).getlist("cookie"))
    return cookie_parser(together).get(name) or None


def set_cookie(scope: Scope, name: str, value: str, *, same_site: str, max_age: int | None = None) -> str:
    """No script reads it, and over TLS it goes nowhere else. max_age: seconds; None for as long as the browser runs."""
    cookie: SimpleCookie = SimpleCookie({name: value})
    morsel = cookie[name]
    morsel["path"], morsel["samesite"] = "/", same_site
    morsel["httponly"], morsel["secure"] = True, _is_secure(scope)
    if max_age is not None:
        morsel["max-age"] = str(max_age)
    return morsel.OutputString()


def _is_secure(scope: Scope) -> bool:
    """Also behind a proxy that does the TLS: the browser says what it sees."""
    headers = Headers(scope=scope)
    schemes = (scope["scheme"], headers.get("x-forwarded-proto", ""), headers.get("origin", "").partition(":")[0])
    return "https" in schemes


def _name(scope: Scope) -> str:
    """Cookies are a host's, whatever the port: two servers on one machine have one each."""
    server = scope.get("server")
    return f"lychee_session_{server[1] if server else 0}"
