"""The head line of the page, and what stands in its document's head."""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Final

from api.page.words import all_words

_LOOK: Final = Path(__file__).parent / "look"
# Script -> the words in it, by what stands for them.
_SCRIPTS: Final = {
    "page": {"OFFLINE": "page.offline"},
    "copy": {"COPIED": "code.copied", "NOT_COPIED": "code.not_copied"},
}


def head_line() -> str:
    """Name, what it is, and the way to the API. In both languages: the style shows the browser's."""
    title, subtitle, api = (_both(f"page.{key}") for key in ("title", "subtitle", "api"))
    logo = '<img src="/favicon.ico" alt="" width="34" height="34">'
    return f'<header class="line">{logo}<h1>{title}</h1><p>{subtitle}</p><a href="/docs">{api}</a></header>'


def document_head() -> str:
    """The page's own scripts, with their words."""
    return "".join(f"<script>{_script(name, words)}</script>" for name, words in _SCRIPTS.items())


def _script(name: str, words: Mapping[str, str]) -> str:
    script = (_LOOK / f"{name}.js").read_text("utf-8")
    for mark, key in words.items():
        script = script.replace(f"{{{{{mark}}}}}", json.dumps(all_words()[key]))
    return script


def _both(key: str) -> str:
    english, chinese = all_words()[key]
    return f'<span lang="en">{escape(english)}</span><span lang="zh">{escape(chinese)}</span>'
