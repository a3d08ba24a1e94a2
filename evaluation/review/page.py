"""A sheet as one HTML file that asks nobody for anything. Knows no judges and no marks."""

import hashlib
import json
import re
from base64 import b64encode
from dataclasses import asdict
from pathlib import Path
from typing import Final

from evaluation.review.sheet import Sheet

_PARTS: Final = Path(__file__).parent
_PLACE: Final = re.compile(r"\{\{(\w+)\}\}")


def page(sheet: Sheet) -> str:
    """The whole file. Style and script are the only ones it lets run, and nothing may be fetched: whatever a text says,
    it stays a text."""
    style, script = (_PARTS.joinpath(name).read_text("utf-8").strip() for name in ("sheet.css", "sheet.js"))
    parts = {
        "policy": f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'",
        "style": style,
        "script": script,
        "sheet": _in_html(asdict(sheet)),
    }
    return _PLACE.sub(lambda place: parts[place[1]], _PARTS.joinpath("sheet.html").read_text("utf-8"))


def _in_html(value: object) -> str:
    """JSON in which nothing ends or begins an element."""
    told = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
    return told.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _hash(code: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"
