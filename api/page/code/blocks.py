"""The two pieces of code as HTML, each with a button that copies it (look/copy.js)."""

from html import escape

from api.page.code.body import Body
from api.page.code.curl import curl_line
from api.page.code.python import python_lines
from api.page.last_deed import Deed
from api.page.shell import Shell
from api.page.visit import Visit


def code_html(shell: Shell, visit: Visit, path: str, body: Body) -> str:
    """What did just this, for the visitor's own use, which is remembered for the tab `about`.

    path: of the route that does it, such as `/v1/search`. body: what that takes; `PictureFile` for each picture.
    """
    shell.deeds.keep(visit.session, Deed(path, body))
    return deed_html(visit, Deed(path, body))


def deed_html(visit: Visit, deed: Deed) -> str:
    curl = curl_line(visit.base + deed.path, deed.body, asks_key=visit.asks_keys)
    python = python_lines(visit.base, deed.path, deed.body, asks_key=visit.asks_keys)
    return f'<div class="codes">{_block(visit, "curl", curl)}{_block(visit, "Python", python)}</div>'


def _block(visit: Visit, language: str, code: str) -> str:
    copy = escape(visit.say("code.copy"))
    name = escape(visit.say("code.copy_what", name=language), quote=True)
    return (
        f'<figure class="code"><figcaption><span>{language}</span>'
        f'<button type="button" class="small-button" data-copy aria-label="{name}">{copy}</button></figcaption>'
        f'<pre tabindex="0" aria-label="{language}"><code>{escape(code, quote=True)}</code></pre></figure>'
    )
