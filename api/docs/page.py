"""The HTML of /docs. Knows nothing of the app: it is given an OpenAPI document."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from api.docs.assets import SCRIPT, STYLE
from api.docs.operation import Answer, Field, Operation, operations

_SCRIPT_HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
# The page may run its own script and talk to its own server, and nothing else.
SECURITY_POLICY = (
    f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_SCRIPT_HASH}'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

# In no form and under no name, so that no browser keeps it; the script reads it when it sends.
_KEY = (
    "<label id=ask>API key, for &ldquo;Try it&rdquo; <input id=key type=password autocomplete=off spellcheck=false "
    "placeholder=lychee_...></label>"
)


def render(document: Mapping[str, Any], base: str) -> str:
    """The whole page. base: the address of this server, for the curl lines."""
    info = document["info"]
    by_tag: dict[str, list[Operation]] = {}
    for each in operations(document):
        by_tag.setdefault(each.tag, []).append(each)
    links = "".join(_links(tag, group) for tag, group in by_tag.items())
    sections = "".join(_section(tag, group, base) for tag, group in by_tag.items())
    key = _KEY if document.get("security") else ""
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        f"<title>{escape(info['title'])}: the HTTP API</title><style>{STYLE}</style></head><body>"
        f"<nav><h1>{escape(info['title'])}</h1><p>{escape(info['version'])} &middot; "
        f"<a href=/openapi.json>openapi.json</a></p>{key}{links}</nav>"
        f"<main>{_paragraphs(info.get('description', ''))}{sections}</main><script>{SCRIPT}</script></body></html>"
    )


def _links(tag: str, group: Iterable[Operation]) -> str:
    lines = "".join(f"<a href=#{each.id}>{_badge(each)} {escape(each.path)}</a>" for each in group)
    return f"<h2>{escape(tag)}</h2>{lines}"


def _section(tag: str, group: Iterable[Operation], base: str) -> str:
    return f"<h2>{escape(tag.capitalize())}</h2>" + "".join(_article(each, base) for each in group)


def _article(operation: Operation, base: str) -> str:
    parts = [
        f"<h3>{_badge(operation)} <code>{escape(operation.path)}</code> {escape(operation.summary)}</h3>",
        _paragraphs(operation.description),
        _table("Path", operation.parameters),
        _table("Headers", operation.headers),
        _table("Body", operation.body),
        f"<h4>With curl</h4><pre>{escape(operation.curl(base))}</pre>",
        _form(operation),
        "".join(_answer(answer) for answer in operation.answers),
    ]
    return f"<article id={operation.id}>{''.join(parts)}</article>"


def _form(operation: Operation) -> str:
    """Sends the request from the page; the script fills the answer in."""
    inputs = "".join(
        f"<label>{escape(each.name)} <input name='{escape(each.name)}'{kind}></label>"
        for kind, fields in (("", operation.parameters), (" data-header", operation.headers))
        for each in fields
    )
    body = "" if operation.example is None else _textarea(operation.example)
    return (
        f"<details><summary>Try it</summary><form data-method={operation.method} data-path='{escape(operation.path)}'>"
        f"{inputs}{body}<button>Send</button><pre hidden></pre></form></details>"
    )


def _textarea(example: Mapping[str, Any]) -> str:
    text = json.dumps(example, ensure_ascii=False, indent=2)
    return f"<textarea name=body spellcheck=false>{escape(text)}</textarea>"


def _answer(answer: Answer) -> str:
    head = f"<b class=s{answer.status[0]}>{answer.status}</b> {_inline(answer.description)}"
    if not answer.status.startswith("2"):
        return f"<p class=answer>{head}</p>"
    media_type = f"<code>{escape(answer.media_type)}</code>"
    return f"<h4>Answer</h4><p class=answer>{head} {media_type}</p>{_table('', answer.fields)}"


def _table(title: str, fields: Sequence[Field]) -> str:
    if not fields:
        return ""
    rows = "".join(
        f"<tr><td><code>{escape(each.name)}</code>{' <i>required</i>' if each.required and title else ''}</td>"
        f"<td>{escape(each.type)}{_default(each)}</td><td>{_inline(each.description)}</td></tr>"
        for each in fields
    )
    heading = f"<h4>{title}</h4>" if title else ""
    return f"{heading}<table>{rows}</table>"


def _default(field: Field) -> str:
    return f"<br><small>default {escape(field.default)}</small>" if field.default is not None else ""


def _badge(operation: Operation) -> str:
    return f"<span class='{operation.method.lower()}'>{operation.method}</span>"


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_inline(each)}</p>" for each in text.split("\n\n") if each)


def _inline(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
