"""Whose an upload is: a browser's, by a cookie, or a program's, by its key. Knows nothing of files."""

import secrets
from hashlib import sha256
from typing import Final

from starlette.types import Scope

from api.guards.session_cookie import cookie_of, set_cookie

_COOKIE: Final = "lychee_visitor"


def owner_of(scope: Scope) -> str:
    """The name of the folder for what this request's sender uploads. It tells nobody the cookie. Programs without
    either have one together: they find there what they know the name of, which is random."""
    if visitor := cookie_of(scope, _COOKIE):
        return _named(f"visitor {visitor}")
    return _named(f"key {scope.get('state', {}).get('key_name', '')}")


def is_visitor(scope: Scope) -> bool:
    return cookie_of(scope, _COOKIE) is not None


def new_visitor(scope: Scope) -> str:
    """A `Set-Cookie` for who opens the page for the first time. It also comes along with a link from elsewhere, so that
    whoever follows one does not become somebody else."""
    return set_cookie(scope, _COOKIE, secrets.token_urlsafe(24), same_site="Lax")


def no_longer_visitor(scope: Scope) -> str:
    return set_cookie(scope, _COOKIE, "", same_site="Lax", max_age=0)


def _named(sender: str) -> str:
    return f"of-{sha256(sender.encode('utf-8', 'surrogateescape')).hexdigest()[:40]}"
