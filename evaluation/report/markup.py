"""Texts of anybody's made safe to stand in HTML. Knows no page."""

import re
import unicodedata
from html import escape

LONGEST = 280
"""Characters of a text that are shown."""

_UNSEEN = frozenset({"Cc", "Cs", "Co", "Cn"})  # controls, halves of characters, and what has no meaning
_CHINESE = re.compile(r"[㐀-鿿]")


def safe(text: str) -> str:
    """`text` on one line, for elements and for attributes in double quotes; what cannot be seen stands as U+FFFD."""
    line = " ".join(text.split())
    return escape("".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in _UNSEEN else c for c in line))


def cut(text: str, longest: int = LONGEST) -> str:
    """The beginning of `text` on one line, with an ellipsis where there is more."""
    line = " ".join(text[: 4 * longest].split())
    return line if len(line) <= longest and len(text) <= 4 * longest else f"{line[: longest - 1].rstrip()}…"


def quoted(text: str, longest: int = LONGEST) -> str:
    """Somebody else's text as an element of its own, which keeps its direction and language to itself."""
    lang = ' lang="zh"' if _CHINESE.search(text[:longest]) else ""
    return f"<bdi{lang}>{safe(cut(text, longest))}</bdi>"
