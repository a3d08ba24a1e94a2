"""The head line of the page, and what stands in its document's head."""

import json
from html import escape
from pathlib import Path
from typing import Final

from api.page.words import all_words

_SCRIPT: Final = Path(__file__).parent / "look" / "page.js"


def head_line() -> str:
    """Name, what it is, and the way to the API. In both languages: the style shows the browser's."""
    title, subtitle, api = (_both(f"page.{key}") for key in ("title", "subtitle", "api"))
    return f'<header class="line"><h1>{title}</h1><p>{subtitle}</p><a href="/docs">{api}</a></header>'


def document_head() -> str:
    """The page's own script, with its words."""
    script = _SCRIPT.read_text("utf-8").replace("{{OFFLINE}}", json.dumps(all_words()["page.offline"]))
    return f"<script>{script}</script>"


def _both(key: str) -> str:
    english, chinese = all_words()[key]
    return f'<span lang="en">{escape(english)}</span><span lang="zh">{escape(chinese)}</span>'
