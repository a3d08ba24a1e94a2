"""The head line of the page, and what stands in its document's head."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from api.page.both import both
from api.page.words import all_words

_LOOK: Final = Path(__file__).parent / "look"
# Script -> the words in it, by what stands for them.
_SCRIPTS: Final = {
    "page": {
        "OFFLINE": "page.offline",
        "BACK": "page.back",
        "RELOAD": "page.reload",
        "ENDED": "page.ended",
        "SLOWER": "page.slower",
        "TOO_LARGE": "page.too_large",
        "NO_ROOM": "page.no_room",
        "GONE": "page.upload_gone",
        "STALLED": "page.stalled",
        "REFUSED": "page.refused",
    },
    "keys": {},
    "names": {
        "UPLOAD": "part.upload",
        "FILE": "part.file",
        "CAMERA": "part.camera",
        "PASTE": "part.paste",
        "DROP": "part.drop",
        "DROP_FILES": "part.drop_files",
        "REMOVE": "part.remove",
        "REMOVE_FILE": "part.remove_file",
        "FULL": "part.full",
        "RESET": "part.reset",
        "COPY": "part.copy",
        "MORE": "part.more",
    },
    "copy": {"COPIED": "code.copied", "NOT_COPIED": "code.not_copied"},
}


def head_line(*, asks_keys: bool) -> str:
    """Name, what it is, the way to the API and, where a key was asked for, the way out. In both languages: the style
    shows the browser's."""
    title, subtitle, api = (both(f"page.{key}") for key in ("title", "subtitle", "api"))
    logo = '<img src="/favicon.ico" alt="" width="34" height="34">'
    out = f'<form method="post" action="/logout"><button class="small-button">{both("login.out")}</button></form>'
    links = f'<a href="/docs">{api}</a>{out if asks_keys else ""}'
    return f'<header class="line">{logo}<h1>{title}</h1><p>{subtitle}</p>{links}</header>'


def document_head(max_upload_bytes: int) -> str:
    """The page's own scripts, with their words."""
    scripts = "".join(f"<script>{_script(name, words)}</script>" for name, words in _SCRIPTS.items())
    return scripts.replace("{{MAX_UPLOAD_BYTES}}", str(max_upload_bytes))


def _script(name: str, words: Mapping[str, str]) -> str:
    script = (_LOOK / f"{name}.js").read_text("utf-8")
    for mark, key in words.items():
        script = script.replace(f"{{{{{mark}}}}}", json.dumps(all_words()[key]))
    return script
