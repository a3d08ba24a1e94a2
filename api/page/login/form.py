"""The HTML in which a key is asked for. It runs no script, and knows nothing of keys."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Final

from api.page.words import Language, say

_STYLE: Final = Path(__file__).parents[1] / "look" / "login.css"


@cache
def policy() -> str:
    style_hash = b64encode(sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


@cache
def _style() -> str:
    return _STYLE.read_text("utf-8")


@cache
def form(language: Language, wrong: str | None = None, *, again: bool = False) -> str:
    """A whole document. wrong: the words that say what was wrong with the last try. again: it opens anew at once."""

    def words(key: str) -> str:
        return escape(say(language, key))

    complaint = f'<p id="wrong" role="alert">{words(wrong)}</p>' if wrong else ""
    described = ' aria-invalid="true" aria-describedby="wrong"' if wrong else ' aria-describedby="help"'
    refresh = '<meta http-equiv="refresh" content="0; url=/">' if again else ""
    return (
        f'<!doctype html><html lang="{"zh-CN" if language == "zh" else "en"}"><head><meta charset="utf-8">{refresh}'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/favicon.ico">'
        f"<title>{words('page.title')}</title><style>{_style()}</style></head><body><main>"
        f'<h1><img src="/favicon.ico" alt="" width="40" height="40">{words("page.title")}</h1>'
        f"<p>{words('page.subtitle')}</p>"
        f'<form method="post" action="/login">{complaint}<label for="key">{words("login.key")}</label>'
        '<input id="key" name="key" type="password" autocomplete="off" autocapitalize="none" spellcheck="false" '
        f'placeholder="lychee_…" required autofocus{described}>'
        f'<button>{words("login.open")}</button><p id="help">{words("login.help")}</p></form>'
        f'<a href="/docs">{words("page.api")}</a></main></body></html>'
    )
